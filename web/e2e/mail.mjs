import assert from 'node:assert/strict'
import { test } from 'node:test'
import { shopper, twentyPercentOff } from './shopper.mjs'
import { watched } from './watch.mjs'

/** A student proves it by mail, pays less, earns points, and gives one thing back. */
export function byMail(world, look) {
  test(`a student by mail, ${look}`, async () => {
    const { demo, browser } = world
    // Wrong address and wrong code are answered with 422, which the browser writes down.
    const seen = await watched(browser, look, { origins: [demo.origin], expected: [/status of 422/] })
    const { page, check } = seen
    const ada = shopper(page, demo)
    const address = `ada.${look}@mit.edu`

    const names = await ada.products()
    assert.ok(names.length >= 4)
    await check(page, 'shop')
    await ada.fill(names.slice(0, 2))
    const before = await ada.total('Total')
    await ada.choose('Student')
    await check(page, 'widget-consent')
    await ada.consent()
    await check(page, 'widget-choose')
    await ada.widget.getByRole('button', { name: /With an eligible e-mail address/ }).click()
    await ada.widget.getByRole('heading', { name: 'Your e-mail address' }).waitFor()
    await check(page, 'widget-email')
    await ada.askForCode('ada@gmail.com')
    await ada.widget.getByRole('alert').filter({ hasText: 'This address is not eligible' }).waitFor()
    await check(page, 'widget-email-refused')
    const since = Date.now()
    await ada.askForCode(address)
    await ada.widget.getByRole('heading', { name: 'Enter the code' }).waitFor()
    await check(page, 'widget-code')
    const mail = await demo.mailTo(address, since)
    await ada.widget.getByRole('textbox', { name: 'Six-digit code' }).fill(mail.code === '000000' ? '000001' : '000000')
    await ada.widget.getByRole('alert').filter({ hasText: 'Tries left' }).waitFor()
    await ada.widget.getByRole('textbox', { name: 'Six-digit code' }).fill(mail.code)
    await ada.widget.getByRole('heading', { name: 'You are verified' }).waitFor()

    await ada.widget.getByRole('img', { name: 'This code as a QR code' }).waitFor()
    const discount = await ada.discounted()
    await check(page, 'widget-verified')
    twentyPercentOff(discount, await ada.total('Subtotal'))
    assert.equal(await ada.total('Total'), before - discount)
    const promised = await ada.pay()
    await check(page, 'orders')
    assert.ok(promised > 0)
    await ada.hasPoints(promised)
    await check(page, 'points')

    await page.getByRole('link', { name: 'Orders' }).click()
    await page.getByRole('button', { name: 'Return everything' }).click()
    await page.locator('.order .tag', { hasText: /^returned$/ }).waitFor()
    await check(page, 'order-returned')
    await ada.hasPoints(0)

    await page.goto(`${demo.origin}/demo/inbox`)
    await page.getByText(mail.subject).first().waitFor()
    await check(page, 'inbox')
    await seen.done()
  })
}
