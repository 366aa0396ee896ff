import assert from 'node:assert/strict'
import { test } from 'node:test'
import { amount } from './shopper.mjs'
import { watched } from './watch.mjs'

/** The journey in German: shop, widget, mail. */
export function inGerman(world) {
  test('a nurse in German, phone', async () => {
    const { demo, browser } = world
    const seen = await watched(browser, 'phone', { origins: [demo.origin], locale: 'de-DE' })
    const { page, check } = seen
    await page.goto(`${demo.origin}/demo/`)
    await page.getByLabel('Language').selectOption('Deutsch')
    await page.getByRole('button', { name: /^In den Korb: / }).first().click()
    assert.equal(await page.evaluate(() => document.documentElement.lang), 'de')
    await check(page, 'german-shop')
    await page.getByRole('link', { name: /^Warenkorb/ }).click()
    await page.getByRole('radio', { name: 'Gesundheit' }).check()
    const widget = page.locator('laurel-verify')
    await widget.getByRole('heading', { name: 'Bevor es losgeht' }).waitFor()
    await check(page, 'german-consent')
    await widget.getByRole('button', { name: 'Zustimmen und weiter' }).click()
    await widget.getByRole('button', { name: /Mit einer berechtigten E-Mail-Adresse/ }).click()
    await widget.getByRole('textbox', { name: 'E-Mail-Adresse' }).fill('flora@riverside-hospital.example')
    const since = Date.now()
    await widget.getByRole('button', { name: 'Code senden' }).click()
    await widget.getByRole('heading', { name: 'Code eingeben' }).waitFor()
    const mail = await demo.mailTo('flora@riverside-hospital.example', since)
    assert.match(mail.text, /Minuten/)
    await widget.getByRole('textbox', { name: 'Sechsstelliger Code' }).fill(mail.code)
    await page.locator('.totals .saved').waitFor()
    await check(page, 'german-verified')
    const shipping = page.locator('.totals div').filter({ has: page.getByText('Versand', { exact: true }) })
    const saved = page.locator('.totals .saved')
    assert.equal(amount(await saved.locator('dd').innerText()), amount(await shipping.locator('dd').innerText()))
    await page.getByRole('button', { name: /bezahlen$/ }).click()
    await page.getByRole('heading', { level: 1, name: 'Käufe' }).waitFor()
    await page.locator('.order').waitFor()
    await check(page, 'german-orders')
    await seen.done()
  })
}
