import type { Offer, Storefront } from './contract'
import { Problem } from './problem'

/** What the page asked for; empty strings where it left something open. */
export interface Wishes {
  offer: string
  group: string
  customer: string
  /** The language of the mails, as it is when they are asked for. */
  locale: () => string
  returnUrl: string
}

/** Choice is what is verified: the group, empty while the shopper has to choose, and the offer that waits, if any. */
export interface Choice {
  group: string
  offer: Offer | undefined
}

/**
 * choose fixes group and offer from what the page asked for, what the store has, and the group that was chosen so far.
 * Throws a Problem when the store does not have what the page asked for.
 */
export function choose(wishes: Wishes, storefront: Storefront | undefined, chosen: string): Choice {
  const offers = storefront?.offers ?? []
  const named = offers.find((each) => each.id === wishes.offer)
  if (wishes.offer && !named) throw new Problem('offer_not_found', `the store has no live offer ${wishes.offer}`)
  // An offer for everybody leaves the group to the page or the shopper.
  if (named?.group) return { group: named.group, offer: named }
  const groups = storefront?.groups.map((each) => each.group) ?? []
  if (wishes.group && !groups.includes(wishes.group)) {
    throw new Problem('group_unknown', `the store has no group ${wishes.group}`)
  }
  const only = groups.length === 1 ? (groups[0] ?? '') : ''
  const group = chosen || wishes.group || only
  const fitting = offers.filter((each) => each.group === group)
  return { group, offer: named ?? (fitting.length === 1 ? fitting[0] : undefined) }
}
