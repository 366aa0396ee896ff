import assert from 'node:assert/strict'
import { test } from 'node:test'
import { allow, stand, students } from './stand.mjs'
import { watched } from './watch.mjs'

/** The widget in pages of other origins: one that the store allows, and one that it does not. */
export function embedded(world) {
  test('the widget in a page of another, allowed origin: by mail, and by SSO', async (t) => {
    const { demo, browser } = world
    const allowed = await stand(demo, t, students(demo))
    await allow(demo, demo.config.store_id, allowed)
    const seen = await watched(browser, 'wide', { origins: [demo.origin, allowed] })
    const address = 'edith@mit.edu'
    await seen.page.goto(allowed)
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

    const other = await watched(browser, 'phone', { origins: [demo.origin, allowed] })
    const away = other.page.locator('laurel-verify')
    await other.page.goto(allowed)
    await away.getByRole('button', { name: 'Agree and continue' }).click()
    await away.getByRole('button', { name: /Sign in with Demo University/ }).click()
    await other.page.getByLabel('Name').fill('Embedded student')
    await other.page.getByRole('button', { name: 'Sign in with this name' }).click()
    await other.page.waitForURL((url) => url.origin === allowed)
    await away.getByText(/^[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{2}$/).waitFor()
    await other.check(other.page, 'embedded-sso')
    await seen.done()
    await other.done()
  })

  test('the widget in a page of a foreign origin', async (t) => {
    const { demo, browser } = world
    const foreign = await stand(demo, t, students(demo))
    // The browser writes down that the answers have no CORS headers, and which.
    const expected = [/blocked by CORS policy/, /net::ERR_FAILED/]
    const seen = await watched(browser, 'wide', { origins: [demo.origin, foreign], expected })
    await seen.page.goto(foreign)
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
