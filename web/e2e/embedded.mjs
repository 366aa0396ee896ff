import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { test } from 'node:test'
import { operator } from './operator.mjs'
import { watched } from './watch.mjs'

/** page is a storefront of somebody's own, on an origin of its own, under a strict content security policy. */
const page = (demo) => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>A storefront</title>
<link rel="icon" href="data:,"></head><body><main><h1>A storefront</h1>
<laurel-verify publishable-key="${demo.config.publishable_key}" offer="${demo.config.offers.find((each) => each.group === 'student').id}"></laurel-verify>
</main><script type="module" src="${demo.origin}/widget.js"></script></body></html>`

async function storefront(demo, t) {
  const policy = `default-src 'none'; script-src ${demo.origin}; connect-src ${demo.origin}; img-src data:; style-src 'none'; base-uri 'none'`
  const server = createServer((_, response) => {
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': policy })
    response.end(page(demo))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  return { origin: `http://127.0.0.1:${server.address().port}` }
}

/** allow adds an origin to those of the demo's store. */
async function allow(demo, origin) {
  const path = `/stores/${demo.config.store_id}`
  const desk = await operator(demo)
  const store = await desk('GET', path)
  await desk('PATCH', path, { version: store.version, origins: [...store.origins, origin] })
}

/** The widget in pages of other origins: one that the store allows, and one that it does not. */
export function embedded(world) {
  test('the widget in a page of another, allowed origin: by mail, and by SSO', async (t) => {
    const { demo, browser } = world
    const allowed = await storefront(demo, t)
    await allow(demo, allowed.origin)
    const seen = await watched(browser, 'wide', { origins: [demo.origin, allowed.origin] })
    const address = 'edith@mit.edu'
    await seen.page.goto(allowed.origin)
    const widget = seen.page.locator('laurel-verify')
    await widget.getByRole('button', { name: 'Agree and continue' }).click()
    await widget.getByRole('button', { name: /With an eligible e-mail address/ }).click()
    await widget.getByRole('textbox', { name: 'E-mail address' }).fill(address)
    const since = Date.now()
    await widget.getByRole('button', { name: 'Send code' }).click()
    await widget.getByRole('heading', { name: 'Enter the code' }).waitFor()
    await widget.getByRole('textbox', { name: 'Six-digit code' }).fill((await demo.mailTo(address, since)).code)
    await widget.getByText(/^[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{2}$/).waitFor()
    await seen.check(seen.page, 'embedded')

    const other = await watched(browser, 'phone', { origins: [demo.origin, allowed.origin] })
    const away = other.page.locator('laurel-verify')
    await other.page.goto(allowed.origin)
    await away.getByRole('button', { name: 'Agree and continue' }).click()
    await away.getByRole('button', { name: /Sign in with Demo University/ }).click()
    await other.page.getByLabel('Name').fill('Embedded student')
    await other.page.getByRole('button', { name: 'Sign in with this name' }).click()
    await other.page.waitForURL((url) => url.origin === allowed.origin)
    await away.getByText(/^[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{2}$/).waitFor()
    await other.check(other.page, 'embedded-sso')
    await seen.done()
    await other.done()
  })

  test('the widget in a page of a foreign origin', async (t) => {
    const { demo, browser } = world
    const foreign = await storefront(demo, t)
    // The browser writes down that the answers have no CORS headers, and which.
    const expected = [/blocked by CORS policy/, /net::ERR_FAILED/]
    const seen = await watched(browser, 'wide', { origins: [demo.origin, foreign.origin], expected })
    await seen.page.goto(foreign.origin)
    const widget = seen.page.locator('laurel-verify')
    await widget.getByRole('heading', { name: 'This is not available right now' }).waitFor()
    const alert = await widget.getByRole('alert').innerText()
    // The network is fine: it is the page that has to change.
    assert.match(alert, /not set up correctly/)
    assert.equal(await widget.getByRole('button', { name: 'Agree and continue' }).count(), 0)
    await seen.check(seen.page, 'foreign')
    await seen.done()
  })
}
