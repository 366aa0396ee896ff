// A storefront of somebody's own: a page with the widget, on an origin of its own, under a strict content security policy.
import { once } from 'node:events'
import { createServer } from 'node:http'
import { operator } from './operator.mjs'

const page = ({ origin }, attributes) => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><title>A storefront</title><link rel="icon" href="data:,"></head>
<body><main><h1>A storefront</h1>
<laurel-verify ${Object.entries(attributes).map(([name, value]) => `${name}="${value}"`).join(' ')}></laurel-verify>
</main><script type="module" src="${origin}/widget.js"></script></body></html>`

/** stand serves the page until the test ends, and resolves with its origin. */
export async function stand(demo, t, attributes) {
  const policy = `default-src 'none'; script-src ${demo.origin}; connect-src ${demo.origin}; img-src data:; style-src 'none'; base-uri 'none'`
  const server = createServer((_, response) => {
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': policy })
    response.end(page(demo, attributes))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  return `http://127.0.0.1:${server.address().port}`
}

/** allow adds an origin to those of a store of the demo. */
export async function allow(demo, storeId, origin) {
  const path = `/stores/${storeId}`
  const desk = await operator(demo)
  const store = await desk('GET', path)
  await desk('PATCH', path, { version: store.version, origins: [...store.origins, origin] })
}

/** students are the attributes by which the widget verifies for the students' offer of the demo's store. */
export function students({ config }) {
  return { 'publishable-key': config.publishable_key, offer: config.offers.find((each) => each.group === 'student').id }
}
