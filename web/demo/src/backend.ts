import { log, type Call } from './calls'

/** The answers of the shop's own backend. Amounts are minor units. */
export interface Session {
  customer: string
  publishable_key: string
  store_id: string
  offers: { id: string; group: string; name: string }[]
  currency: string
}

export interface Product {
  sku: string
  name: { en: string; de: string }
  blurb: { en: string; de: string }
  unit_amount: number
}

export interface Totals {
  subtotal: number
  discount: number
  shipping: number
  total: number
}

export interface Evaluation {
  applied: { offer_id: string; amount: number }[]
  rejected: { offer_id?: string; reason: string }[]
  points: number
  totals: Totals
}

export interface OrderLine {
  line_id: string
  name: { en: string; de: string }
  quantity: number
  unit_amount: number
  discount: number
  refunded: number
}

export interface Order {
  order_id: string
  placed_at: string
  currency: string
  lines: OrderLine[]
  totals: Totals
  points: number
  state: string
  refunds: { discount_reversed: number; points_reversed: number }[]
}

export interface Member {
  balance: { available: number; pending: number; debt: number }
  tier?: { name: string } | null
  next_tier?: { name: string; missing: number } | null
}

export interface Entry {
  id: string
  kind: string
  points: number
  from: string
  to: string
  source: { type: string; id: string }
  recorded_at: string
}

export interface Basket {
  lines: { sku: string; quantity: number }[]
  tokens: string[]
}

/** Refused is what the backend or the gateway refused, with a sentence that says why. */
export class Refused extends Error {
  constructor(
    readonly code: string,
    readonly detail: string,
  ) {
    super(detail)
  }
}

interface Answer {
  calls?: Call[]
  problem?: { code: string; detail: string }
}

async function ask<T>(method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(`/demo/api/${path}`, {
    method,
    ...(body !== undefined && { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }),
  })
  const answer = (await response.json()) as T & Answer
  for (const call of answer.calls ?? []) log({ ...call, source: 'shop' })
  if (!response.ok) throw new Refused(answer.problem?.code ?? 'error', answer.problem?.detail ?? response.statusText)
  return answer
}

/** backend has one method for each address of the shop. */
export const backend = {
  session: () => ask<Session>('GET', 'session'),
  reset: () => ask<Session>('POST', 'session/reset'),
  products: () => ask<{ products: Product[] }>('GET', 'products'),
  price: (basket: Basket) => ask<{ evaluation: Evaluation }>('POST', 'price', basket),
  checkout: (basket: Basket, orderId: string) => ask<{ order: Order }>('POST', 'checkout', { ...basket, order_id: orderId }),
  orders: () => ask<{ orders: Order[] }>('GET', 'orders'),
  refund: (orderId: string, lines: { line_id: string; quantity: number }[]) =>
    ask<{ order: Order }>('POST', `orders/${encodeURIComponent(orderId)}/refund`, { lines }),
  myData: () => ask<{ url: string }>('POST', 'my-data'),
  member: () => ask<{ member: Member | null; entries: Entry[] }>('GET', 'member'),
}
