import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { shopper } from './shopper.mjs'
import { watched } from './watch.mjs'

/** A shopper buys, sees what is kept, takes it along, agrees to marketing and takes it back, and is forgotten. */
export function myData(world, look) {
  test(`my data, ${look}`, async () => {
    const { demo, browser } = world
    const seen = await watched(browser, look, { origins: [demo.origin], acceptDownloads: true })
    const { page, check } = seen
    const ada = shopper(page, demo)
    const names = await ada.products()
    await ada.fill(names.slice(0, 1))
    await ada.hasPoints(await ada.pay())

    await page.getByRole('button', { name: 'What the shop knows about you' }).click()
    await page.getByRole('heading', { level: 1, name: /^Your data at / }).waitFor()
    assert.ok(!page.url().includes('cs_'), 'the session has left the address')
    await page.getByText('Points account: 1').waitFor()
    await check(page, 'my-data')

    const agree = page.getByRole('switch')
    for (const held of ['true', 'false']) {
      await agree.click()
      await page.locator(`[role=switch][aria-checked=${held}]:not(:disabled)`).waitFor()
    }

    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Download my data' }).click()])
    const { records } = JSON.parse(await readFile(await file.path(), 'utf8'))
    for (const kind of ['order', 'member', 'ledger_entry', 'consent']) assert.ok(records.some((each) => each.kind === kind), `the export has a ${kind}`)

    // A reload does not end the visit.
    await page.reload()
    await page.getByRole('button', { name: 'Erase my data' }).click()
    await page.getByRole('heading', { name: 'Erase everything now?' }).waitFor()
    await check(page, 'my-data-erase')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Erase my data' }).click()
    await page.getByRole('button', { name: 'Yes, erase' }).click()
    await page.getByRole('heading', { level: 1, name: 'You are forgotten' }).waitFor()
    await check(page, 'my-data-erased')
    const [receipt] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Download the receipt' }).click()])
    const [header] = (await readFile(await receipt.path(), 'utf8')).split('.')
    assert.equal(JSON.parse(Buffer.from(header, 'base64url')).typ, 'erasure-receipt+jwt')

    await page.reload()
    await page.getByRole('heading', { level: 1, name: 'This link is no longer valid' }).waitFor()
    await seen.done()
  })

  test(`my data in German without a link, ${look}`, async () => {
    const seen = await watched(world.browser, look, { origins: [world.demo.origin], locale: 'de-DE' })
    await seen.page.goto(`${world.demo.origin}/my-data/`)
    await seen.page.getByRole('heading', { level: 1, name: 'Dieser Link gilt nicht mehr' }).waitFor()
    await seen.check(seen.page, 'my-data-gone')
    await seen.done()
  })
}
