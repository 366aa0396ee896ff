const drawn = new WeakMap<Element, File | undefined>()

/**
 * preview draws a file small. On a canvas: an `<img>` would need `blob:` in the content security policy of the page. What
 * the browser cannot draw, such as a PDF, stays a sheet of paper.
 */
export function preview(canvas: Element | undefined, file: File | undefined): void {
  if (!(canvas instanceof HTMLCanvasElement) || drawn.get(canvas) === file) return
  drawn.set(canvas, file)
  const { width, height } = canvas
  const pen = canvas.getContext('2d')
  pen?.clearRect(0, 0, width, height)
  if (!pen || !file?.type.startsWith('image/')) return
  void createImageBitmap(file).then(
    (picture) => {
      const scale = Math.max(width / picture.width, height / picture.height)
      const [wide, high] = [picture.width * scale, picture.height * scale]
      if (drawn.get(canvas) === file) pen.drawImage(picture, (width - wide) / 2, (height - high) / 2, wide, high)
      picture.close()
    },
    () => undefined,
  )
}
