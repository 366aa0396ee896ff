// Shows the built console in Chromium against the mock gateway: takes a picture of every screen, wide and phone, light
// and dark, and lets axe look at each. Usage: node admin/screens.mjs DIRECTORY [NAME…]. It fails on any finding, on any
// error of the page, and on anything that the strict content security policy stops.
import { createServer } from 'node:http'
import { mkdir, readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { runnerImport } from 'vite'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))
const [directory = 'screens', ...only] = process.argv.slice(2)
const { Gateway } = (await runnerImport(here('src/testing/gateway.ts'))).module
const { store, bare } = (await runnerImport(here('src/testing/data.ts'))).module
const axe = await readFile(here('../node_modules/axe-core/axe.min.js'), 'utf8')

const screens = [
  ['sign-in', '/account', { signedOut: true }],
  ['stores', '/stores'],
  ['new-store', '/stores', { press: 'New store' }],
  ['account', '/account'],
  ['overview', `/s/${store}`],
  ['overview-first-run', `/s/${bare}`],
  ['verifications', `/s/${store}/verifications`],
  ['verifications-none', `/s/${store}/verifications?state=cancelled`],
  ['verification', `/s/${store}/verifications/ver_1`],
  ['end-attestation', `/s/${store}/verifications/ver_1`, { press: 'End attestation' }],
  ['reviews', `/s/${store}/reviews`],
  ['reviews-decided', `/s/${store}/reviews?state=decided`],
  ['reviews-empty', `/s/${bare}/reviews`],
  ['review', `/s/${store}/reviews/rev_1`],
  ['review-mine', `/s/${store}/reviews/rev_1`, { press: 'Take it', until: 'text=Approve' }],
  ['review-alikes', `/s/${store}/reviews/rev_1`, { press: 'Side by side: Look-alike 1', until: 'img >> nth=1' }],
  ['review-keys', `/s/${store}/reviews`, { press: 'Keyboard' }],
  ['groups', `/s/${store}/groups`],
  ['new-policy', `/s/${store}/policies/new`],
  ['policy', `/s/${store}/policies/pol_1`],
  ['providers', `/s/${store}/providers`],
  ['provider', `/s/${store}/providers/demo-university`],
  ['data-packs', `/s/${store}/data-packs`],
  ['data-pack', `/s/${store}/data-packs/school-districts`],
  ['data-pack-effect', `/s/${store}/data-packs/school-districts`, { press: 'Show the effect', until: 'text=Put it into force' }],
  ['data-pack-compare', `/s/${store}/data-packs/school-districts`, { press: 'Compare: What version 2 changed' }],
  ['data-pack-back', `/s/${store}/data-packs/school-districts`, { press: 'Roll back: Roll back to version 1?' }],
  ['data-pack-gateway', `/s/${store}/data-packs/hospitals`],
  ['rosters', `/s/${store}/rosters`],
  ['roster', `/s/${store}/rosters/district-staff`],
  ['remotes', `/s/${store}/remote-verifiers`],
  ['remote', `/s/${store}/remote-verifiers/staff-directory`],
  ['document-settings', `/s/${store}/document-settings`],
  ['frauds', `/s/${store}/frauds`],
  ['frauds-empty', `/s/${bare}/frauds`],
  ['fraud', `/s/${store}/frauds/att_4`],
  ['label-fraud', `/s/${store}/frauds/att_4`, { press: 'Change the label' }],
  ['verify-by-hand', `/s/${store}/members/c-1001`, { press: 'Verify by hand' }],
  ['move-attestation', `/s/${store}/verifications/ver_1`, { press: 'Move to another customer' }],
  ['privacy', `/s/${store}/privacy`],
  ['privacy-request', `/s/${store}/privacy/prq_2`],
  ['erase', `/s/${store}/privacy`, { press: 'Forget a shopper' }],
  ['retention', `/s/${store}/privacy?tab=retention`],
  ['set-retention', `/s/${store}/privacy?tab=retention`, { press: 'Change' }],
  ['offers', `/s/${store}/offers`],
  ['offers-empty', `/s/${bare}/offers`],
  ['new-offer', `/s/${store}/offers/new`],
  ['offer', `/s/${store}/offers/off_1`],
  ['offer-codes', `/s/${store}/offers/off_1?tab=codes`],
  ['new-batch', `/s/${store}/offers/off_1?tab=codes`, { press: 'New batch' }],
  ['offer-versions', `/s/${store}/offers/off_1?tab=versions`],
  ['offer-tried', `/s/${store}/offers/off_1`, { press: 'Try it', until: '[aria-label="Every condition"]' }],
  ['offer-snippet', `/s/${store}/offers/off_1?tab=snippet`],
  ['redemptions', `/s/${store}/redemptions`],
  ['redemption', `/s/${store}/redemptions/rdm_2`],
  ['members', `/s/${store}/members`],
  ['member', `/s/${store}/members/c-1001`],
  ['adjust', `/s/${store}/members/c-1001`, { press: 'Adjust points' }],
  ['program', `/s/${store}/program`],
  ['keys', `/s/${store}/keys`],
  ['new-key', `/s/${store}/keys`, { press: 'New key' }],
  ['webhooks', `/s/${store}/webhooks`],
  ['new-webhook', `/s/${store}/webhooks`, { press: 'New endpoint' }],
  ['webhook', `/s/${store}/webhooks/whk_1`],
  ['delivery', `/s/${store}/webhooks/whk_1`, { press: 'redemption.refunded' }],
  ['replay-range', `/s/${store}/webhooks/whk_1`, { press: 'Send many again' }],
  ['rotate-secret', `/s/${store}/webhooks/whk_1`, { press: 'Change the secret' }],
  ['connect-shopify', `/s/${store}/settings`, { press: 'Connect', until: 'input[type=password]' }],
  ['settings', `/s/${store}/settings`],
  ['people', `/s/${store}/people`],
  ['add-person', `/s/${store}/people`, { press: 'Add a person' }],
  ['audit', `/s/${store}/audit`],
  ['audit-changes', `/s/${store}/audit`, { press: 'Changes of offer.updated' }],
  ['missing', '/nowhere'],
].filter(([name]) => only.length === 0 || only.includes(name))

let gateway = new Gateway()
const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' }
const policy = (nonce) =>
  `default-src 'none'; script-src 'self'; style-src 'self' 'nonce-${nonce}'; img-src 'self'; connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'`

/** card stands in for every document. */
const card = `<svg xmlns="http://www.w3.org/2000/svg" width="1697" height="1060"><rect width="1697" height="1060" rx="60" fill="#f6f3ea"/><rect width="1697" height="220" fill="#274b7a"/><text x="80" y="150" font-family="sans-serif" font-size="96" fill="#fff">Demo University</text><rect x="80" y="300" width="420" height="520" fill="#c9c4b5"/><g font-family="sans-serif" font-size="64"><text x="580" y="380">Zoë Lindqvist-O’Hara</text><text x="580" y="500">born 29 Feb 2004</text><text x="580" y="620">valid until 30 Sep 2027</text></g></svg>`

const server = createServer(async (request, response) => {
  const { pathname, search } = new URL(request.url, 'http://localhost')
  if (pathname.startsWith('/v1/admin')) {
    const chunks = []
    for await (const chunk of request) chunks.push(chunk)
    const text = Buffer.concat(chunks).toString()
    const path = pathname.slice('/v1/admin'.length) + search
    if (/\/documents\/[^/]+$/.test(pathname)) {
      response.writeHead(200, { 'Content-Type': 'image/svg+xml' })
      return response.end(card)
    }
    const answer = gateway.answer({ method: request.method, path, body: text ? JSON.parse(text) : undefined, key: null })
    response.writeHead(answer.status, { 'Content-Type': 'application/json' })
    return response.end(answer.body === undefined ? '' : JSON.stringify(answer.body))
  }
  const file = extname(pathname) ? pathname.replace(/^\/admin\//, '') : 'index.html'
  try {
    let body = await readFile(join(here('../dist/admin'), file))
    if (file === 'index.html') body = body.toString().replaceAll('__CSP_NONCE__', 'n0nce')
    response.writeHead(200, { 'Content-Type': types[extname(file)] ?? 'text/plain', 'Content-Security-Policy': policy('n0nce') })
    response.end(body)
  } catch {
    response.writeHead(404).end()
  }
})
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
const base = `http://localhost:${server.address().port}/admin`
await mkdir(directory, { recursive: true })

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] })
const looks = [
  { name: 'wide', viewport: { width: 1280, height: 860 }, colorScheme: 'light', locale: 'en' },
  { name: 'phone', viewport: { width: 390, height: 844 }, colorScheme: 'dark', locale: 'en' },
  // Longer words on the smallest screen. Dialogs are opened by their English names, so they are left out.
  { name: 'phone-de', viewport: { width: 390, height: 844 }, colorScheme: 'light', locale: 'de' },
]
let findings = 0
const complain = (what) => {
  findings++
  console.log(what)
}
for (const { name: look, ...options } of looks) {
  const context = await browser.newContext({ ...options, reducedMotion: 'reduce', bypassCSP: false })
  for (const [name, path, extra = {}] of screens) {
    if (extra.press && options.locale !== 'en') continue
    gateway = new Gateway()
    if (extra.signedOut) gateway.session = null
    const page = await context.newPage()
    page.on('console', (message) => message.type() === 'error' && !/status of 40[14]/.test(message.text()) && complain(`${name} ${look}: ${message.text()}`))
    page.on('pageerror', (error) => complain(`${name} ${look}: ${error}`))
    await page.goto(base + path, { waitUntil: 'networkidle' })
    if (extra.press) {
      await page.getByRole('button', { name: extra.press, exact: true }).first().click()
      await (extra.until ? page.locator(extra.until) : page.getByRole('dialog')).first().waitFor()
    }
    await page.waitForFunction(() => !document.querySelector('[role=status] .mantine-Skeleton-root'))
    const width = await page.evaluate(() => document.documentElement.scrollWidth)
    if (width > options.viewport.width) complain(`${name} ${look}: the page is ${width} wide`)
    await page.screenshot({ path: join(directory, `${name}-${look}.png`), fullPage: !extra.press || Boolean(extra.until) })
    await page.evaluate(axe)
    const { violations } = await page.evaluate(() => window.axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }))
    for (const v of violations) complain(`${name} ${look}: ${v.id}: ${v.nodes.map((node) => `${node.target} ${node.failureSummary?.split('\n')[1] ?? ''}`).slice(0, 3).join(' | ')}`)
    await page.close()
  }
  await context.close()
}
await browser.close()
server.close()
console.log(`${screens.length} screens, ${findings} findings`)
process.exitCode = findings ? 1 : 0
