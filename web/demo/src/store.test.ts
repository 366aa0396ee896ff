import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { logged } from './calls'
import { Store } from './store'

interface Sent {
  route: string
  body: Record<string, unknown>
}

let sent: Sent[]
let answers: Record<string, { status?: number; body: unknown }>

const order = { order_id: 'ns-1', currency: 'USD', lines: [], refunds: [] }
const totals = { subtotal: 1400, discount: 0, shipping: 490, total: 1890 }

beforeEach(() => {
  sessionStorage.clear()
  history.replaceState(null, '', '/demo/')
  sent = []
  answers = {
    'GET session': { body: { customer: 'c-1', publishable_key: 'pk', store_id: 's', offers: [], currency: 'USD', calls: [] } },
    'GET products': { body: { products: [] } },
    'POST price': { body: { evaluation: { applied: [], rejected: [], points: 1, totals } } },
    'POST checkout': { body: { order } },
    'GET orders': { body: { orders: [order] } },
    'GET member': { body: { member: null, entries: [] } },
  }
  vi.stubGlobal('fetch', async (url: string, init?: RequestInit) => {
    const route = `${init?.method ?? 'GET'} ${url.replace('/demo/api/', '')}`
    sent.push({ route, body: JSON.parse(String(init?.body ?? '{}')) as Record<string, unknown> })
    const answer = answers[route]
    if (!answer) throw new TypeError('offline')
    return new Response(JSON.stringify(answer.body), { status: answer.status ?? 200 })
  })
})

afterEach(() => vi.unstubAllGlobals())

async function opened(): Promise<Store> {
  const store = new Store(() => {})
  await store.open()
  return store
}

const bodies = (route: string) => sent.filter((each) => each.route === route).map((each) => each.body)

describe('store', () => {
  it('goes on in the cart after a sign-in elsewhere, with what was chosen before', async () => {
    const before = await opened()
    await before.change('lamp', 2)
    before.chooseOffer('off_1')
    history.replaceState(null, '', '/demo/?laurel_verification=ver_1')
    const after = await opened()
    expect(after.state).toMatchObject({ view: 'cart', offer: 'off_1' })
    expect([...after.state.cart]).toEqual([['lamp', 2]])
    expect(location.search).toBe('?laurel_verification=ver_1')
  })

  it('prices with the proof and drops one that is refused', async () => {
    const store = await opened()
    await store.change('lamp', 1)
    await store.use('a.b.c', 'Student 20')
    expect(bodies('POST price').at(-1)).toEqual({ lines: [{ sku: 'lamp', quantity: 1 }], tokens: ['a.b.c'] })
    answers['POST price'] = { status: 409, body: { problem: { code: 'token_spent', detail: 'used' }, calls: [] } }
    await store.price()
    expect(store.state.proof).toBeUndefined()
    expect(store.state.error).toContain('token_spent')
  })

  it('says why an offer does not fit', async () => {
    const store = await opened()
    await store.change('lamp', 1)
    answers['POST price'] = { body: { evaluation: { applied: [], rejected: [{ reason: 'minimum_not_met' }], points: 1, totals } } }
    await store.use('a.b.c', 'Student 20')
    expect(store.state.error).toContain('minimum not met')
  })

  it('keeps the order id until the order is placed', async () => {
    const store = await opened()
    await store.change('lamp', 1)
    const good = answers['POST checkout']
    delete answers['POST checkout']
    await store.checkout()
    expect(store.state.error).toContain('does not answer')
    if (good) answers['POST checkout'] = good
    await store.checkout()
    const [first, second] = bodies('POST checkout')
    expect(first?.['order_id']).toMatch(/^ns-[0-9a-f]{8}$/)
    expect(second?.['order_id']).toBe(first?.['order_id'])
    expect(store.state).toMatchObject({ view: 'orders', notice: 'Thank you! Order ns-1 is placed.' })
    expect(store.count).toBe(0)
  })

  it('ignores a second press while the first is under way', async () => {
    const store = await opened()
    await store.change('lamp', 1)
    await Promise.all([store.checkout(), store.checkout()])
    expect(bodies('POST checkout')).toHaveLength(1)
  })

  it('goes on where a link from another device leads', async () => {
    const session = { ...(answers['GET session']?.body as object), offers: [{ id: 'off_1', group: 'student', name: 'Students' }] }
    answers['GET session'] = { body: session }
    location.hash = `#laurel=${encodeURIComponent('laurel:pk:off_1')}&ver_1&secret`
    const store = await opened()
    expect(store.state.view).toBe('cart')
    expect(store.state.offer).toBe('off_1')
  })

  it('shows what a return reversed', async () => {
    const store = await opened()
    location.hash = '#orders'
    await store.show()
    const refunded = { ...order, refunds: [{ discount_reversed: 280, points_reversed: 11 }] }
    answers['POST orders/ns-1/refund'] = { body: { order: refunded } }
    const [first] = store.state.orders
    if (first) await store.refund(first, [{ line_id: 'lamp', quantity: 1 }])
    expect(store.state.notice).toContain('11 points and $2.80')
    expect(store.state.orders[0]?.refunds).toHaveLength(1)
  })

  it('lists the calls that the backend made', async () => {
    const calls = [{ method: 'GET', path: '/v1/storefront', status: 200, ms: 2, request: null, response: {} }]
    answers['GET session'] = { body: { ...(answers['GET session']?.body as object), calls } }
    await opened()
    expect(logged()[0]).toMatchObject({ path: '/v1/storefront', source: 'shop' })
  })
})
