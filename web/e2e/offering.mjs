import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { test } from 'node:test'
import { signIn } from './console.mjs'
import { until } from './demo.mjs'
import { operator } from './operator.mjs'
import { watched } from './watch.mjs'

/** The console's side of the checkout: an offer with a rule, its versions and codes, why an order was cheaper, webhooks. */
export function offering(world, look) {
  test(`offers, codes and webhooks in the console, ${look}`, async () => {
    const { demo, browser } = world
    const { admin, store_id: store } = demo.config
    const desk = await operator(demo)
    const receiver = await receive()
    // Nobody is signed in at first (401), and a store without a Shopify shop says so (404).
    const seen = await watched(browser, look, { origins: [demo.origin], expected: [/status of 40[14]/] })
    const at = (path) => seen.page.goto(`${demo.origin}/admin/s/${store}${path}`)
    try {
      await seen.page.goto(`${demo.origin}/admin`)
      await signIn(seen.page, admin.email, admin.password)
      await seen.page.waitForURL(/\/admin\/s\//)
      const offer = await withARule(seen, at, `Readers ${look}`)
      await comparesVersions(seen, at, offer)
      await importsCodes(seen, at, offer, look)
      await readsATrace(seen, at, desk, store)
      await replays(seen, at, desk, store, receiver)
      await settings(seen, at, look)
      await seen.done()
    } finally {
      receiver.close()
    }
  })
}

/** receive is a server that takes webhooks and remembers their ids. */
async function receive() {
  const ids = []
  const server = createServer((request, response) => {
    ids.push(request.headers['webhook-id'])
    request.resume()
    response.writeHead(204).end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { ids, url: `http://127.0.0.1:${server.address().port}/hooks`, close: () => server.close() }
}

/** withARule makes an offer: the rule is checked as it is typed, the offer is tried unsaved, then saved. */
async function withARule({ page, check }, at, name) {
  await at('/offers/new')
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill(name)
  await page.getByLabel('Discount').fill('15')
  const rule = page.getByRole('textbox', { name: 'Rule' })
  await rule.fill('cart.quantity >= 2 &&\n  cart.subtotl >= 5000')
  await page.getByRole('button', { name: 'Line 2, column 7' }).waitFor()
  await page.locator('mark', { hasText: 'subtotl' }).waitFor()
  await check(page, 'console-rule-wrong')
  await rule.fill('cart.quantity >= 2 &&\n  cart.subtotal >= 5000')
  await page.getByText('This rule can be saved.').waitFor()

  await page.getByRole('button', { name: 'Try it' }).click()
  await page.getByText('The offer does not apply').waitFor()
  await page.getByLabel('Quantity').fill('2')
  await page.getByRole('button', { name: 'Try it' }).click()
  await page.getByText('It takes $15.00 off.').waitFor()
  const trace = page.getByRole('list', { name: 'Every condition' })
  await trace.getByText('cart.subtotal >= 5000').waitFor()
  assert.equal(await trace.getByText('does not hold').count(), 0)
  await check(page, 'console-offer-tried')

  await page.getByRole('button', { name: 'Save' }).click()
  await page.waitForURL(/\/offers\/off_/)
  await page.getByRole('heading', { level: 1, name }).waitFor()
  return new URL(page.url()).pathname.split('/').pop()
}

/** saved presses the button and waits for the gateway's answer: what an earlier saving said may still be on the screen. */
async function saved(page, method) {
  const answer = page.waitForResponse((response) => response.request().method() === method)
  await page.getByRole('button', { name: 'Save' }).click()
  assert.equal((await answer).status(), 200)
}

async function comparesVersions({ page, check }, at, offer) {
  await page.getByLabel('Discount').fill('25')
  await page.getByLabel('Every year').selectOption('black_friday')
  await page.getByText(/^Next: /).waitFor()
  await saved(page, 'PUT')
  await at(`/offers/${offer}?tab=versions`)
  const diff = page.getByRole('table', { name: 'Version 1 and version 2' })
  const discount = diff.getByRole('row', { name: /Discount/ })
  assert.match(await discount.locator('del').innerText(), /^15\s%$/)
  assert.match(await discount.locator('ins').innerText(), /^25\s%$/)
  await diff.getByRole('row', { name: /Every year.*Added/s }).getByText('Black Friday').waitFor()
  await check(page, 'console-versions')
}

async function importsCodes({ page, check }, at, offer, look) {
  await at(`/offers/${offer}?tab=codes`)
  const lines = ['code', `${look}-1`, `${look}-2`, '', `${look}-2`]
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.getByRole('button', { name: /File with codes/ }).click()])
  await chooser.setFiles({ name: 'codes.csv', mimeType: 'text/csv', buffer: Buffer.from(lines.join('\n')) })
  await page.getByRole('button', { name: 'Check the file' }).click()
  await page.getByText('Checked. Nothing was imported yet.').waitFor()
  await check(page, 'console-codes')
  await page.getByRole('button', { name: 'Import 2 codes' }).click()
  await page.getByText('2 codes were imported.').waitFor()

  await page.getByRole('button', { name: 'New batch' }).click()
  const dialog = page.getByRole('dialog', { name: 'New batch' })
  await dialog.getByLabel('Codes').fill('5')
  await dialog.getByLabel('What for').fill('Cards')
  await dialog.getByRole('button', { name: 'Create' }).click()
  const link = page.getByRole('link', { name: 'Download: Cards' })
  await link.waitFor()
  const [download] = await Promise.all([page.waitForEvent('download'), link.click()])
  const chunks = []
  for await (const chunk of await download.createReadStream()) chunks.push(chunk)
  const rows = Buffer.concat(chunks).toString().trim().split(/\r?\n/)
  assert.equal(rows[0], 'code')
  assert.equal(rows.length, 6)
}

async function readsATrace({ page, check }, at, desk, store) {
  const { data } = await desk('GET', `/stores/${store}/redemptions`)
  const redemption = data.find((one) => one.applied.length > 0)
  await at(`/redemptions/${redemption.id}`)
  await page.getByRole('heading', { name: 'Why each offer applied' }).waitFor()
  const trace = page.getByRole('list', { name: 'Every condition' }).first()
  await trace.getByText('Benefit').waitFor()
  assert.equal(await trace.getByText('does not hold').count(), 0)
  await check(page, 'console-trace')
}

async function replays({ page, check }, at, desk, store, receiver) {
  const { webhook } = await desk('POST', `/stores/${store}/webhooks`, { url: receiver.url, description: 'Till' })
  await at(`/webhooks/${webhook.id}`)
  await page.getByRole('button', { name: 'Send a test' }).click()
  await until('the test message', () => receiver.ids.length === 1)
  await until('its delivery', async () => (await desk('GET', `/stores/${store}/webhooks/${webhook.id}/deliveries?state=delivered`)).data.length === 1)
  await page.getByLabel('State').selectOption('delivered')
  await page.getByRole('button', { name: 'webhook.test', exact: true }).click()
  const dialog = page.getByRole('dialog', { name: 'webhook.test' })
  await dialog.getByRole('table', { name: 'Tries' }).getByText('204').waitFor()
  await check(page, 'console-delivery')
  await dialog.getByRole('button', { name: 'Close' }).click()
  await dialog.waitFor({ state: 'hidden' })
  await page.getByRole('button', { name: 'Send again: webhook.test' }).click()
  await until('the message once more', () => receiver.ids.length === 2)
  assert.equal(receiver.ids[0], receiver.ids[1])
  await check(page, 'console-webhook')

  await page.getByRole('button', { name: 'Send many again' }).click()
  const range = page.getByRole('dialog', { name: 'Send many again' })
  await range.getByLabel('What it never got').check()
  await range.getByRole('button', { name: 'Send again' }).click()
  await page.getByText(/sent again: \d+/).waitFor()
  await until('what it missed', () => receiver.ids.length > 2)
  await desk('DELETE', `/stores/${store}/webhooks/${webhook.id}`)
}

async function settings({ page, check }, at, look) {
  await at('/settings')
  await page.getByText('Not connected.').waitFor()
  await page.getByLabel('Signature algorithm').selectOption(look === 'wide' ? 'EdDSA' : 'ES256')
  await saved(page, 'PATCH')
  await check(page, 'console-settings')
  await at('/keys')
  await page.getByRole('button', { name: 'New key' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Secret').check()
  await dialog.getByLabel('Name').fill(`Returns ${look}`)
  await dialog.getByLabel('orders:write').check()
  await dialog.getByRole('button', { name: 'Create' }).click()
  await dialog.getByText(/^sk_test_/).waitFor()
  await check(page, 'console-new-key')
}
