import { beforeEach, describe, expect, it, vi } from 'vitest'
import { Client, type MyData, visitOf } from './api'
import { Page } from './page'
import { fill, languageOf, languages, words } from './texts'

const data: MyData = {
  customer: 'c-1',
  guest: false,
  store: { name: 'Corner Books', privacy_url: 'https://shop.example/privacy', marketing_text: {}, consent_version: '2' },
  kept: [{ kind: 'order', count: 3, since: '2026-01-15T10:30:00Z' }],
  attestations: [{ id: 'att_1', group: 'student', subgroup: 'university', valid_until: '2027-01-15T10:30:00Z', ended_at: null }],
  verifications: [
    { id: 'ver_1', group: 'student', state: 'rejected', created_at: '2026-01-15T10:30:00Z', reasons: ['name_mismatch'], consent: { version: '1', locale: 'en', at: '2026-01-15T10:30:00Z' }, appeal: null, may_object: true },
  ],
  marketing: { granted: true, at: '2026-01-15T10:30:00Z' },
}

const visit = { session: 'cs_x', customer: 'a&b/c', locale: 'en' }

type Answers = Record<string, (body: unknown) => [number, unknown]>

/** gateway answers by method and path, and notes what it was asked. */
function gateway(answers: Answers) {
  const asked: { request: string; body: unknown; headers: Record<string, string> }[] = []
  const ask = vi.fn(async (path: string, init: RequestInit = {}) => {
    const request = `${init.method ?? 'GET'} ${path}`
    const body = init.body ? JSON.parse(String(init.body)) : undefined
    asked.push({ request, body, headers: (init.headers ?? {}) as Record<string, string> })
    const [status, content] = answers[request]?.(body) ?? [404, {}]
    return new Response(JSON.stringify(content), { status })
  })
  return { asked, client: new Client(visit, ask as unknown as typeof fetch) }
}

const own = '/v1/customers/a%26b%2Fc'
let root: HTMLElement
let saved: string[]

const settled = () => new Promise((resolve) => setTimeout(resolve, 20))
const button = (text: string) => [...root.querySelectorAll('button')].find((b) => b.textContent?.trim() === text) as HTMLButtonElement

beforeEach(() => {
  document.body.innerHTML = '<div id="app"></div>'
  root = document.getElementById('app') as HTMLElement
  saved = []
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
    saved.push(this.download)
  })
})

describe('the page', () => {
  it('shows what is stored in plain words, in both languages', async () => {
    for (const language of ['en', 'de']) {
      const { client } = gateway({ [`GET ${own}/my-data`]: () => [200, data] })
      await new Page(root, client, language, 1).open()
      expect(root.textContent).toContain(words(language, 'order'))
      expect(root.textContent).toContain('Corner Books')
      expect(root.textContent).toContain('2027')
      expect(document.documentElement.lang).toBe(language)
    }
  })

  it('takes marketing consent back by a switch, with the version that is shown', async () => {
    let granted = true
    const { client, asked } = gateway({
      [`GET ${own}/my-data`]: () => [200, { ...data, marketing: { granted, at: '2026-01-15T10:30:00Z' } }],
      [`PUT ${own}/consents/marketing`]: (body) => [200, { granted: (granted = (body as { granted: boolean }).granted) }],
    })
    await new Page(root, client, 'en', 1).open()
    const toggle = root.querySelector('[role=switch]') as HTMLButtonElement
    expect(toggle.getAttribute('aria-checked')).toBe('true')
    toggle.click()
    await settled()
    expect(root.querySelector('[role=switch]')?.getAttribute('aria-checked')).toBe('false')
    const put = asked.find((a) => a.request.startsWith('PUT'))
    expect(put?.body).toEqual({ granted: false, version: '2', locale: 'en' })
    expect(put?.headers['Idempotency-Key']).toMatch(/^[0-9a-f]{32}$/)
    expect(root.querySelector('[role=status]')?.textContent).toBe('Saved.')
  })

  it('exports part by part and hands over one file', async () => {
    const { client } = gateway({
      [`GET ${own}/my-data`]: () => [200, data],
      [`GET ${own}/data?limit=200`]: () => [200, { data: [{ kind: 'order' }, { kind: 'order' }], next_cursor: 'order.o 1' }],
      [`GET ${own}/data?limit=200&cursor=order.o%201`]: () => [200, { data: [{ kind: 'member' }], next_cursor: null }],
    })
    await new Page(root, client, 'en', 1).open()
    button('Download my data').click()
    await settled()
    expect(saved).toEqual(['my-data.json'])
    expect(root.querySelector('.notice')?.textContent).toContain('3 records')
  })

  it('objects to a refusal', async () => {
    const { client, asked } = gateway({ [`GET ${own}/my-data`]: () => [200, data], 'POST /v1/verifications/ver_1/appeal': () => [200, {}] })
    await new Page(root, client, 'en', 1).open()
    button('Object to the refusal').click()
    await settled()
    expect(asked.some((a) => a.request === 'POST /v1/verifications/ver_1/appeal')).toBe(true)
  })

  it('erases after a confirmation, waits and offers the receipt', async () => {
    let looks = 0
    const done = vi.fn()
    const { client, asked } = gateway({
      [`GET ${own}/my-data`]: () => [200, data],
      [`POST ${own}/erasures`]: () => [202, { receipt_token: 'sto_1.secret' }],
      'GET /v1/erasures/sto_1.secret': () => [200, { id: 'prq_1', state: ++looks < 3 ? 'running' : 'done', removed: { verifications: 2 }, receipt: 'eyJ' }],
    })
    await new Page(root, client, 'en', 1, done).open()
    expect(asked.some((a) => a.request.startsWith('POST'))).toBe(false)
    button('Yes, erase').click()
    await vi.waitFor(() => expect(root.querySelector('h1')?.textContent).toBe('You are forgotten'))
    expect(looks).toBe(3)
    expect(done).toHaveBeenCalled()
    button('Download the receipt').click()
    expect(saved).toEqual(['erasure-receipt.jwt'])
  })

  it('says that a link has ended, and that something failed', async () => {
    await new Page(root, gateway({ [`GET ${own}/my-data`]: () => [401, {}] }).client, 'en', 1).open()
    expect(root.querySelector('h1')?.textContent).toBe('This link is no longer valid')
    await new Page(root, undefined, 'de', 1).open()
    expect(root.querySelector('h1')?.textContent).toBe('Dieser Link gilt nicht mehr')
    await new Page(root, gateway({ [`GET ${own}/my-data`]: () => [503, {}] }).client, 'en', 1).open()
    expect(root.querySelector('[role=alert]')?.textContent).toContain('did not work')
  })
})

describe('the link', () => {
  it('is read once and leaves the address', () => {
    const storage = sessionStorage
    storage.clear()
    const replaced = vi.fn()
    const at = (hash: string) => ({ hash, pathname: '/my-data/' }) as Location
    const history = { replaceState: replaced } as unknown as History
    expect(visitOf(at('#customer=a%26b&locale=de&session=cs_1'), history, storage)).toEqual({ session: 'cs_1', customer: 'a&b', locale: 'de' })
    expect(replaced).toHaveBeenCalledWith(null, '', '/my-data/')
    expect(visitOf(at(''), history, storage)?.session).toBe('cs_1')
  })
})

describe('the texts', () => {
  it('are whole in every language, with the same places for values', () => {
    const places = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(String).sort()
    for (const texts of Object.values(languages)) {
      expect(Object.keys(texts)).toEqual(Object.keys(languages.en!))
      for (const [key, text] of Object.entries(texts)) {
        expect(text).not.toBe('')
        expect(places(text)).toEqual(places(languages.en![key as keyof typeof texts]))
      }
    }
  })

  it('fall back', () => {
    expect(languageOf(['fr-FR', 'de-AT'])).toBe('de')
    expect(languageOf(['fr'])).toBe('en')
    expect(fill('{a} {b}', { a: 1 })).toBe('1 {b}')
    expect(words('de', 'unheard-of')).toBe('unheard-of')
  })
})
