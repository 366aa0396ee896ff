import type * as t from '../api/types'
import { type Answer, type Rule, one, page } from './answers'
import * as proof from './proof'

const empty = () => page([])

/** noProofs is how a store answers in which nothing has been set up. */
export const noProofs: Record<string, Rule> = {
  'GET reviews': empty,
  'GET review-queue': () => one({ waiting: 0, mine: 0, taken: 0, second: 0, oldest_at: null, groups: [] } satisfies t.ReviewQueue),
  'GET data-packs': empty,
  'GET rosters': empty,
  'GET remote-verifiers': empty,
  'GET frauds': empty,
  'GET privacy/requests': empty,
}

const review = (id: string, over: Partial<t.Review>): Answer => {
  const found = proof.reviews.find((r) => r.id === id)
  return one(found && { ...found, ...over })
}
const mine = { mine: true, claimed_by: 'per_1', claimed_until: '2026-11-20T09:30:00Z', lease_seconds: 900 }

/** proofRules answer about reviews, data packs, rosters, own verifiers, fraud, support and privacy. */
export const proofRules: Record<string, Rule> = {
  'GET reviews': ({ path }) => {
    const query = new URLSearchParams(path.split('?')[1])
    const state = query.get('state')
    const group = query.get('group')
    return page(proof.reviews.filter((r) => (!state || (r.state === 'open') === (state === 'open')) && (!group || r.group === group)))
  },
  'GET review-queue': () => one(proof.reviewQueue),
  'POST review-queue/next': () => review('rev_1', mine),
  'GET review-reasons': () => one({ data: proof.reviewReasons }),
  'GET reviews/:id': (_, id) => {
    const found = proof.reviews.find((r) => r.id === id)
    return one(found && proof.fileOf(found))
  },
  'POST reviews/:id/claim': (_, id) => review(id, mine),
  'POST reviews/:id/release': (_, id) => review(id, {}),
  'POST reviews/:id/decision': ({ body }, id) => {
    const { approve } = body as t.Ruling
    return one({ id, verification_id: 'ver_6', decided: true, state: approve ? 'verified' : 'rejected' } satisfies t.Ruled)
  },
  'GET reviews/:id/documents': (_, id) => page(id === 'rev_1' ? proof.reviewDocuments : []),
  'GET reviews/:id/documents/:document/look-alikes': () => page(proof.lookAlikes),
  'GET verifications/:id/decisions': () => one(proof.explanation),

  'GET data-packs': () => page(proof.packs),
  'GET data-packs/:id': (_, id) => one(proof.packs.find((p) => p.id === id)),
  'POST data-packs': ({ body }) => ({ status: 201, body: { ...proof.packs[0], ...(body as object), id: 'school-districts' } }),
  'PUT data-packs/:id': () => one({ ...proof.packs[0], version: 4, in_force: 4 }),
  'DELETE data-packs/:id': () => ({ status: 204 }),
  'POST data-packs/preview': ({ body }) => one({ ...proof.packEffect, name: (body as t.PackPreview).name }),
  'GET data-packs/:id/versions': () => page(proof.packVersions),
  'GET data-packs/:id/versions/:version': () => one({ version: proof.packVersions[1]!, from: 1, difference: proof.packEffect.difference } satisfies t.PackComparison),
  'GET data-packs/:id/domains': ({ path }) => {
    const q = new URLSearchParams(path.split('?')[1]).get('q') ?? ''
    return page(proof.packEntries.filter((entry) => entry.domain.includes(q)))
  },
  'POST data-packs/:id/roll-back': () => one(proof.packEffect),
  'PUT data-packs/:id/pin': () => one(proof.packEffect),

  'GET rosters': () => page(proof.rosters),
  'POST rosters': ({ body }) => ({ status: 201, body: { ...proof.rosters[0], ...(body as object), entries: 2 } }),
  'PUT rosters/:id': () => one({ ...proof.rosters[0], version: 3, entries: 3 }),
  'DELETE rosters/:id': () => ({ status: 204 }),
  'GET remote-verifiers': () => page(proof.remotes),
  'GET remote-verifiers/:id': (_, id) => one(proof.remotes.find((r) => r.id === id)),
  'POST remote-verifiers': ({ body }) => ({ status: 201, body: { remote: { ...(body as object), version: 1 }, secret: 'whsec_shownOnce' } }),
  'PUT remote-verifiers/:id': ({ body }) => one({ ...proof.remotes[0], ...(body as object) }),
  'POST remote-verifiers/:id/rotate-secret': () => one({ remote: proof.remotes[0], secret: 'whsec_theNextOne' }),
  'DELETE remote-verifiers/:id': () => ({ status: 204 }),
  'GET document-settings': () => one(proof.documentSettings),
  'PUT document-settings': ({ body }) => one({ ...(body as object), version: 1 }),

  'GET frauds': ({ path }) => {
    const label = new URLSearchParams(path.split('?')[1]).get('label')
    return page(proof.frauds.filter((f) => !label || f.label === label))
  },
  'GET attestations/:id/fraud': () => one(proof.fraud),
  'POST attestations/:id/fraud': ({ body }, id) => one({ ...proof.frauds[0], ...(body as object), attestation_id: id }),
  'POST attestations/:id/move': () => one({ id: 'att_1' }),
  'POST verifications': () => ({ status: 201, body: { verification_id: 'ver_9', state: 'verified' } }),
  'POST verifications/:id/resend': (_, id) => one({ verification_id: id, state: 'challenged' }),
  'POST verifications/:id/limits/reset': () => one({ windows: 2 }),

  'GET privacy/requests': () => page(proof.privacyRequests),
  'GET privacy/requests/:id': (_, id) => one(proof.privacyRequests.find((r) => r.id === id)),
  'POST privacy/erasures': () => ({ status: 202, body: { ...proof.privacyRequests[0], state: 'waiting' } }),
  'GET privacy/customers/:customer/data': ({ path }) =>
    one(path.includes('cursor=') ? { data: [{ id: 'o-1', kind: 'order', at: null, data: {} }], next_cursor: null } : { data: [{ id: 'ver_1', kind: 'verification', at: null, data: {} }], next_cursor: 'order.o-1' }),
  'GET privacy/retention': () => one(proof.retention),
  'PUT privacy/retention': () => one({ version: 4, days: {} }),
}
