import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { signIn } from './console.mjs'
import { operator } from './operator.mjs'
import { watched } from './watch.mjs'

const password = 'correct horse battery staple'

/** Two people decide about documents by keyboard: one proof holds, a look-alike of it does not. */
export function reviewing(world, look) {
  test(`reviewing documents by keyboard, ${look}`, async () => {
    const { demo, browser } = world
    const desk = await operator(demo)
    const group = `club_${look}`
    const shop = await accepting(demo, desk, group)
    const honest = await shop(await card(browser, look, 'Ada Lovelace'), 'Ada', 'Lovelace', `ada-${look}`)
    const alike = await shop(await card(browser, look, 'Eve Adams'), 'Eve', 'Adams', `eve-${look}`)

    const first = await atTheDesk(world, look, demo.config.admin, group)
    await first.check(first.page, 'console-reviews')
    await approvesTheFirst(first)
    await comparesTheSecond(first)
    await first.done()
    assert.equal(await shop.state(honest), 'verified')
    assert.equal(await shop.state(alike), 'pending_review')

    const colleague = { email: `reviewer-${look}@shop.example`, password }
    await desk('POST', `/stores/${demo.config.store_id}/people`, { ...colleague, name: 'Rosalind', role: 'reviewer' })
    const second = await atTheDesk(world, look, colleague, group)
    await refusesTheSecond(second)
    await second.done()
    assert.equal(await shop.state(alike), 'rejected')

    const looks = await desk('GET', `/stores/${demo.config.store_id}/audit?action=document.viewed`)
    assert.ok(looks.data.length >= 3, 'every look at a document is in the audit log')
  })
}

/** accepting makes a group that is proven by a document, and returns how a shopper hands one in. */
async function accepting(demo, desk, group) {
  const store = `/stores/${demo.config.store_id}`
  await desk('POST', `${store}/groups`, { group, label: { en: 'Club members' }, subgroups: [] })
  await desk('POST', `${store}/policies`, { group, paths: [['document']], validity_days: 30 })
  const { plain } = await desk('POST', `${store}/keys`, { kind: 'secret', name: `Desk of ${group}` })
  const ask = async (method, path, body, type = 'application/json') => {
    const response = await fetch(demo.origin + path, {
      method,
      headers: { Authorization: `Bearer ${plain}`, 'Idempotency-Key': randomUUID(), ...(body ? { 'Content-Type': type } : {}) },
      body: body && (type === 'application/json' ? JSON.stringify(body) : body),
    })
    const answer = await response.json()
    assert.ok(response.ok, `${method} ${path}: ${JSON.stringify(answer)}`)
    return answer
  }
  const handIn = async (picture, first_name, last_name, customer) => {
    const { id } = await ask('POST', '/v1/verifications', { group, customer, consent: { version: '1', accepted: true } })
    const { id: document } = await ask('POST', `/v1/verifications/${id}/documents`, picture, 'application/octet-stream')
    await ask('POST', `/v1/verifications/${id}/steps/document`, { documents: [document], first_name, last_name, birth_date: '2004-02-29', organisation: 'Demo University' })
    return id
  }
  return Object.assign(handIn, { state: async (id) => (await ask('GET', `/v1/verifications/${id}`)).state })
}

/** card draws a member's card: the same form for everybody of a club, another for each club. */
async function card(browser, look, name) {
  const page = await browser.newPage({ viewport: { width: 1200, height: 760 } })
  const text = `<p>${name}</p><p>born 29 Feb 2004</p><p>valid until 30 Sep 2027</p>`
  await page.setContent(
    look === 'wide'
      ? `<body style="margin:0;background:#f6f3ea;font:48px sans-serif">
          <div style="background:#274b7a;color:#fff;padding:48px;font-size:80px">Demo University</div>
          <div style="float:left;margin:48px;width:300px;height:380px;background:linear-gradient(#555,#ccc)"></div>${text}</body>`
      : `<body style="margin:0;background:linear-gradient(135deg,#123 0 40%,#def 40% 70%,#842 70%);font:40px serif">
          <div style="float:right;margin:320px 40px 0;width:420px;height:300px;background:radial-gradient(#fff,#000)"></div>
          <div style="background:#ffd;padding:20px;width:420px;margin:360px 0 0 40px">${text}</div></body>`,
  )
  const picture = await page.screenshot()
  await page.close()
  return picture
}

async function atTheDesk({ demo, browser }, look, person, group) {
  // Nobody is signed in at first (401), and in the end nothing waits any more (404).
  const seen = await watched(browser, look, { origins: [demo.origin], expected: [/status of 40[14]/] })
  const { page } = seen
  await page.goto(`${demo.origin}/admin`)
  await signIn(page, person.email, person.password)
  await page.waitForURL(/\/admin\/s\//)
  await page.goto(`${demo.origin}/admin/s/${demo.config.store_id}/reviews?group=${group}`)
  await page.getByRole('table', { name: 'Reviews' }).waitFor()
  return seen
}

/** shown waits until a document's picture is there. */
async function shown(page, name) {
  const picture = page.getByRole('img', { name })
  await picture.waitFor()
  await page.waitForFunction((img) => img.complete && img.naturalWidth > 0, await picture.elementHandle())
  return picture
}

async function approvesTheFirst({ page, check }) {
  await page.keyboard.press('j')
  await page.waitForFunction(() => document.activeElement?.closest('table') !== null)
  await page.keyboard.press('n')
  await page.waitForURL(/\/reviews\/rev_/)
  await page.getByText('Lovelace').waitFor()
  const picture = await shown(page, 'Document 1')
  await page.getByText(/^Yours for 1[45]:/).waitFor()
  await page.keyboard.press('z')
  await page.waitForFunction((img) => img.style.transform.includes('scale(2.5)'), await picture.elementHandle())
  await page.keyboard.press('z')
  await page.keyboard.press('o')
  await page.waitForFunction((img) => img.style.transform.includes('rotate(90deg)'), await picture.elementHandle())
  await page.keyboard.press('o')
  await page.keyboard.press('o')
  await page.keyboard.press('o')
  await check(page, 'console-review')
  await page.keyboard.press('?')
  await page.getByRole('dialog', { name: 'Keyboard' }).waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await page.keyboard.press('a')
  await page.getByText('Approved.', { exact: true }).waitFor()
}

/** comparesTheSecond meets the next one by itself: it looks like the first, so two people have to agree. */
async function comparesTheSecond({ page, check }) {
  await page.getByText('Adams').waitFor()
  await page.getByText('Two people have to agree').waitFor()
  await page.getByRole('button', { name: /^Side by side/ }).click()
  await shown(page, 'Look-alikes')
  await check(page, 'console-review-alike')
  await page.keyboard.press('a')
  await page.getByText('Approved. A second person is asked.').waitFor()
  await page.waitForURL(/\/reviews(\?|$)/)
}

async function refusesTheSecond({ page, check }) {
  await page.keyboard.press('n')
  await page.getByText('One person approved already. Your word decides.').waitFor()
  await shown(page, 'Document 1')
  await page.keyboard.press('r')
  const dialog = page.getByRole('dialog', { name: 'Why does the proof not hold?' })
  await dialog.getByText('document_altered').waitFor()
  await page.keyboard.press('7')
  await check(page, 'console-review-refuse')
  await page.keyboard.press('Enter')
  await page.getByText('Refused.', { exact: true }).waitFor()
  await page.waitForURL(/\/reviews(\?|$)/)
}
