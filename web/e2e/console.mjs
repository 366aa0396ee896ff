import assert from 'node:assert/strict'
import { test } from 'node:test'
import { operator } from './operator.mjs'
import { watched } from './watch.mjs'

/** The console, after the shoppers were there: figures, a new offer, the redemptions, what the audit says. */
export function inTheConsole(world, look) {
  test(`an operator in the console, ${look}`, async () => {
    const { demo, browser } = world
    const { admin, store_id } = demo.config
    // Who is not signed in is told so (401), and so is who mistypes the password.
    const seen = await watched(browser, look, { origins: [demo.origin], expected: [/status of 401/] })
    const { page, check } = seen
    await page.goto(`${demo.origin}/admin`)
    await page.getByRole('heading', { name: 'Sign in to Laurel' }).waitFor()
    await check(page, 'console-sign-in')
    await signIn(page, admin.email, 'not the password')
    await page.getByText('Email and password do not match.').waitFor()
    await signIn(page, admin.email, admin.password)
    await page.waitForURL(/\/admin\/s\//)
    await page.goto(`${demo.origin}/admin/s/${store_id}`)
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()
    const desk = await operator(demo)
    const figures = await desk('GET', `/stores/${store_id}/overview?days=30`)
    assert.ok(figures.verified > 0 && figures.redeemed > 0)
    await page.getByText(`${figures.issued} tokens issued, ${figures.refunded} refunded`).waitFor()
    await page.locator('.recharts-surface').first().waitFor()
    await check(page, 'console-overview')

    const name = `Spring sale ${look}`
    await page.goto(`${demo.origin}/admin/s/${store_id}/offers/new`)
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill(name)
    await page.getByLabel('Discount').fill('5')
    await check(page, 'console-new-offer')
    await page.getByRole('button', { name: /Save|Create/ }).click()
    await page.waitForURL(/\/offers\/off_/)
    await page.getByRole('heading', { level: 1, name }).waitFor()
    await check(page, 'console-offer')

    const offer = new URL(page.url()).pathname.split('/').pop()

    const [redemption] = (await desk('GET', `/stores/${store_id}/redemptions`)).data
    await page.goto(`${demo.origin}/admin/s/${store_id}/redemptions`)
    await page.getByText(redemption.order_id).first().waitFor()
    await check(page, 'console-redemptions')
    await page.goto(`${demo.origin}/admin/s/${store_id}/redemptions/${redemption.redemption_id ?? redemption.id}`)
    await page.getByRole('heading', { level: 1, name: redemption.order_id }).waitFor()
    await check(page, 'console-redemption')
    await page.goto(`${demo.origin}/admin/s/${store_id}/audit`)
    await page.getByText(offer).first().waitFor()
    await check(page, 'console-audit')
    await seen.done()
  })
}

/** signIn fills in the form of the console. */
export async function signIn(page, email, password) {
  await page.getByLabel('Email').fill(email)
  await page.getByRole('textbox', { name: 'Password' }).fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

/** The reference of the contract. */
export function theReference(world, look) {
  test(`the reference, ${look}`, async () => {
    const { demo, browser } = world
    const seen = await watched(browser, look, { origins: [demo.origin] })
    await seen.page.goto(`${demo.origin}/docs`)
    await seen.page.getByText('/v1/redemptions').first().waitFor({ state: 'attached' })
    await seen.check(seen.page, 'docs')
    await seen.done()
  })
}
