import type { Entry, Evaluation, Member, Order, Product, Session } from './backend'

/** View is one page of the shop; its name is the address's hash. */
export type View = 'shop' | 'cart' | 'orders' | 'points'

/** Proof is an offer token, or the short code of one, that the shopper wants to use. */
export interface Proof {
  token: string
  name: string
}

/** What the page is drawn from. */
export interface State {
  view: View
  session?: Session
  products: Product[]
  /** Quantities by SKU, in the order in which the shopper chose them. */
  cart: Map<string, number>
  proof: Proof | undefined
  /** The offer whose verification the shopper chose to do. */
  offer: string
  evaluation: Evaluation | undefined
  orders: Order[]
  member: Member | null
  entries: Entry[]
  busy: boolean
  notice: string
  error: string
  /** On phones the calls are a sheet that opens. */
  callsOpen: boolean
}

interface Kept {
  cart: [string, number][]
  proof?: Proof
  offer: string
}

const place = 'northside:visit'

/** recall restores what a reload or a sign-in elsewhere must not lose. */
export function recall(): Pick<State, 'cart' | 'proof' | 'offer'> {
  const text = sessionStorage.getItem(place)
  const kept: Kept = text ? (JSON.parse(text) as Kept) : { cart: [], offer: '' }
  return { cart: new Map(kept.cart), proof: kept.proof, offer: kept.offer }
}

export function keep({ cart, proof, offer }: State): void {
  const kept: Kept = { cart: [...cart], offer, ...(proof && { proof }) }
  sessionStorage.setItem(place, JSON.stringify(kept))
}
