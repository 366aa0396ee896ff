import { test } from 'node:test'
import { allow, stand, students } from './stand.mjs'
import { watched } from './watch.mjs'

/** A page that reads from right to left, in the dark: nothing overflows, everything can be read. */
export function rightToLeft(world) {
  test('the widget in a page that reads from right to left', async (t) => {
    const { demo, browser } = world
    const origin = await stand(demo, t, students(demo))
    await allow(demo, demo.config.store_id, origin)
    const seen = await watched(browser, 'phone', { origins: [demo.origin, origin], colorScheme: 'dark' })
    const { page, check } = seen
    await page.goto(origin)
    await page.evaluate(() => (document.documentElement.dir = 'rtl'))
    const widget = page.locator('laurel-verify')
    await widget.getByRole('button', { name: 'Agree and continue' }).click()
    await widget.getByRole('heading', { name: 'How would you like to prove it?' }).waitFor()
    await check(page, 'widget-rtl-choose')
    await widget.getByRole('button', { name: /With a document/ }).click()
    await widget.getByRole('button', { name: 'Hand in' }).click()
    await widget.getByRole('alert').filter({ hasText: 'add a document' }).waitFor()
    await check(page, 'widget-rtl-document')
    await seen.done()
  })
}
