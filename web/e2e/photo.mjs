// Draws what a shopper photographs: a card with text, in a browser, so that no picture lies in the tree.

/** photo is a picture of a card with a line of text, as the bytes of a file. */
export async function photo(page, text, type) {
  const encoded = await page.evaluate(
    async ([line, kind]) => {
      const canvas = new OffscreenCanvas(1200, 800)
      const pen = canvas.getContext('2d')
      pen.fillStyle = '#f3efe4'
      pen.fillRect(0, 0, 1200, 800)
      // No two look alike: large shapes where the text's letters say.
      const seed = [...line].reduce((sum, letter) => (sum * 33 + letter.charCodeAt(0)) >>> 0, 5381)
      const some = (i, most) => (Math.imul(seed ^ (i * 2654435761), 2246822519) >>> 8) % most
      for (let i = 0; i < 24; i++) {
        pen.fillStyle = ['#274b3f', '#c9a24b', '#8a2f2f', '#f3efe4', '#101a16'][some(i, 5)]
        pen.fillRect(some(i + 30, 1000), some(i + 60, 600), 60 + some(i + 90, 320), 60 + some(i + 120, 260))
      }
      pen.fillStyle = '#f3efe4'
      pen.fillRect(330, 260, 640, 200)
      pen.fillStyle = '#101a16'
      pen.font = '48px sans-serif'
      pen.fillText(line, 350, 330)
      pen.fillText('valid until 2030', 350, 420)
      const blob = await canvas.convertToBlob({ type: kind, quality: 0.9 })
      return Array.from(new Uint8Array(await blob.arrayBuffer()))
    },
    [text, type],
  )
  return Buffer.from(encoded)
}
