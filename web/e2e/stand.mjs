// A page with nothing but the widget, on the demo's own origin.

/** stand opens the widget with these attributes; hash is that of the address. */
export async function stand(page, { origin }, attributes, hash = '') {
  const all = Object.entries(attributes).map(([name, value]) => `${name}="${value}"`)
  const body = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>A stand</title>
    <meta name="color-scheme" content="light dark"><link rel="icon" href="data:,"></head><body><main><h1>A stand</h1>
    <laurel-verify ${all.join(' ')}></laurel-verify></main><script type="module" src="/widget.js"></script></body></html>`
  await page.route('**/stand*', (route) => route.fulfill({ contentType: 'text/html', body }))
  await page.goto(`${origin}/stand${hash}`)
  return page.locator('laurel-verify')
}
