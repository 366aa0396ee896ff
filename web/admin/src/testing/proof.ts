import type * as t from '../api/types'

// What the mock gateway knows about proofs: reviews, documents, data packs, rosters, own verifiers, fraud and privacy.

const at = '2026-11-20T09:15:00Z'
const born = '2026-10-01T08:00:00Z'

export const trail: t.VerificationDetail['trail'] = [
  { at: born, requirement: 'oidc:demo-university', outcome: 'asked', why: [] },
  { at, requirement: 'email', outcome: 'refused', why: ['domain_abused'] },
  { at, requirement: 'email', outcome: 'met', why: [] },
]

export const reviews: t.Review[] = [
  { id: 'rev_1', verification_id: 'ver_6', requirement: 'document', group: 'student', subgroup: 'university', state: 'open', why: ['document', 'look_alike'], signals: { look_alike: 2 }, needed: 2, votes: [{ by: 'per_2', approve: true, reasons: [], at }], claimed_by: '', claimed_until: null, lease_seconds: 0, mine: false, voted: false, opened_at: born, decided_at: null },
  { id: 'rev_2', verification_id: 'ver_7', requirement: 'registry:nppes', group: 'healthcare', subgroup: 'nurse', state: 'open', why: ['near_miss'], signals: {}, needed: 1, votes: [], claimed_by: 'per_2', claimed_until: at, lease_seconds: 600, mine: false, voted: false, opened_at: at, decided_at: null },
  { id: 'rev_3', verification_id: 'ver_3', requirement: 'appeal', group: 'student', subgroup: '', state: 'open', why: ['appeal', 'tries_exhausted'], signals: {}, needed: 1, votes: [], claimed_by: '', claimed_until: null, lease_seconds: 0, mine: false, voted: false, opened_at: at, decided_at: null },
  { id: 'rev_0', verification_id: 'ver_1', requirement: 'document', group: 'teacher', subgroup: '', state: 'rejected', why: ['document'], signals: {}, needed: 1, votes: [{ by: 'per_1', approve: false, reasons: ['document_expired'], at }], claimed_by: '', claimed_until: null, lease_seconds: 0, mine: false, voted: true, opened_at: born, decided_at: at },
]

/** fileOf is the file of a review as it was read. */
export const fileOf = (review: t.Review): t.ReviewFile => ({
  review,
  own: false,
  customer: 'c-1006',
  locale: 'en',
  country: 'US',
  started_at: born,
  expires_at: '2026-11-27T09:15:00Z',
  tries: 1,
  paths: [['oidc:demo-university'], ['document']],
  met: [],
  given_up: [{ step: 'sso', requirement: 'oidc:demo-university', at: born }],
  signals: { look_alike: 2, shared_network: 7, something_new: 3 },
  evidence: [{ id: 'evd_6', requirement: 'document', classes: ['document'], organisation: 'Demo University', facts: { pages: '2' }, created_at: at }],
  collected: [{ requirement: 'document', fields: { first_name: 'Zoë', last_name: 'Lindqvist-O’Hara', birth_date: '2004-02-29', organisation: 'Demo University' } }],
  holders: [{ id: 'att_9', group: 'student', subgroup: 'university', customer: 'c-0007', state: 'expired', valid_until: born, ended_at: null, end_reason: '' }],
})

export const reviewQueue: t.ReviewQueue = { waiting: 3, mine: 0, taken: 1, second: 1, oldest_at: born, groups: [{ group: 'student', waiting: 2, mine: 0, taken: 0, second: 1 }] }

export const reviewReasons: t.ReviewReason[] = [
  { code: 'document_unreadable', detail: 'We cannot read the document. Take the photo in good light, sharp and whole.' },
  { code: 'document_expired', detail: 'The document is no longer valid. Use one that is.' },
  { code: 'name_mismatch', detail: 'The name on the document is not the name that you gave.' },
  { code: 'document_altered', detail: 'The document cannot be accepted.' },
]

const pages = [
  { width: 1697, height: 2400 },
  { width: 1697, height: 2400 },
]
const kept = { verification_id: 'ver_6', media_type: 'application/pdf', size: 482_133, pages, created_at: at, submitted_at: at, delete_at: null, deleted_at: null }

export const reviewDocuments: t.ReviewDocument[] = [
  {
    ...kept,
    id: 'doc_0',
    media_type: 'image/png',
    pages: [],
    delete_at: born,
    deleted_at: at,
    proof: { by: 'system', at, sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08', found: true, absent: true, key_destroyed: true },
  },
  { ...kept, id: 'doc_1' },
]

export const lookAlikes: t.LookAlike[] = [
  { document: { ...kept, id: 'doc_77', verification_id: 'ver_77', media_type: 'image/jpeg' }, page: 1, mine_page: 1, distance: 2, same_file: false },
  { document: { ...kept, id: 'doc_78', verification_id: 'ver_78', deleted_at: at }, page: 1, mine_page: 1, distance: 0, same_file: true },
]

export const explanation: t.Explanation = {
  verification_id: 'ver_1',
  state: 'verified',
  signals: { shared_network: 3 },
  trail,
  decisions: [
    {
      id: 'rcp_1',
      decided: 'verified',
      at,
      policy_id: 'pol_1',
      policy_version: 2,
      path: ['email'],
      classes: ['possession'],
      digests: { 'academic@1': 'sha256:4d1f8e6a0b9c4d1f8e6a0b9c4d1f8e6a0b9c' },
      reasons: [],
      attestation_id: 'att_1',
      receipt: 'eyJhbGciOiJFUzI1NiIsImtpZCI6IjEiLCJ0eXAiOiJ2ZXJpZmljYXRpb24tcmVjZWlwdCtqd3QifQ.e30.c2ln',
      signature: 'good',
      replayed: 'same',
      findings: ['Policy version 2 and 1 pieces of evidence give the same result.'],
      today: [{ requirement: 'email', holds: false, why: 'domain_stopped' }],
    },
  ],
}

const version = (n: number, over: Partial<t.PackVersion> = {}): t.PackVersion => ({
  version: n,
  digest: `sha256:4d1f0${n}`,
  format: 'plain',
  source: `districts-202${n}.txt`,
  purpose: 'eligible',
  parts: { eligible: n + 1, abused: 0, stopped: 0 },
  count: n + 1,
  domains_in: n,
  domains_out: n - 1,
  attestations_affected: 0,
  by: 'per_1',
  created_at: n > 1 ? at : born,
  ...over,
})

export const packVersions: t.PackVersion[] = [version(3, { rolled_back_to: 1 }), version(2), version(1)]

export const packs: t.Pack[] = [
  { id: 'school-districts', version: 3, name: 'school-districts', scope: 'store', purpose: 'eligible', in_force: 3, pinned: false, count: 3, digest: 'sha256:4d1f03', domains: ['austinisd.org', 'lausd.net', 'schulen.bayern.de'], newest: version(3) },
  { id: 'hospitals', version: 9, name: 'hospitals', scope: 'gateway', purpose: 'mixed', in_force: 7, pinned: true, count: 4210, digest: 'sha256:9b07', newest: version(9) },
]

export const packEntries: t.PackEntry[] = [
  { purpose: 'eligible', domain: 'austinisd.org', organisation: 'Austin Independent School District' },
  { purpose: 'eligible', domain: 'lausd.net' },
  { purpose: 'stopped', domain: 'alumni.lausd.net' },
]

export const packEffect: t.PackEffect = {
  name: 'school-districts',
  version: version(4),
  difference: {
    domains_in: 12,
    domains_out: 3,
    parts_in: { eligible: 12, abused: 0, stopped: 0 },
    parts_out: { eligible: 3, abused: 0, stopped: 0 },
    entered: Array.from({ length: 12 }, (_, i) => ({ purpose: 'eligible' as const, domain: `district${i + 1}.example` })),
    left: [{ purpose: 'eligible', domain: 'lausd.net' }, { purpose: 'stopped', domain: 'alumni.lausd.net' }, { purpose: 'eligible', domain: 'austinisd.org' }],
  },
  attestations_affected: 41,
  affected_domains: [{ requirement: 'email:school-districts', domain: 'lausd.net', attestations: 41 }],
}

export const rosters: t.Roster[] = [
  { id: 'district-staff', version: 2, title: 'Staff of the district', group: 'teacher', subgroup: 'k12', confidential: false, entries: 1204, digest: 'sha256:77aa' },
]

export const remotes: t.Remote[] = [
  { id: 'staff-directory', version: 1, name: 'Staff directory', url: 'https://hr.shop.example/laurel', fields: [{ name: 'employee_number', label: { en: 'Employee number' }, type: 'text', required: true, limited: true }], classes: ['authority'], reasons: { left_company: 'The directory says that you have left.' } },
]

export const documentSettings: t.DocumentSettings = { version: 0, ask: ['birth_date', 'organisation'], accept: [{ en: 'Student card, valid this term', de: 'Gültiger Studierendenausweis' }], organisations: [], reviewers: 1, keep_days: 7, look_alikes: 'two_reviewers' }

export const frauds: t.FraudCase[] = [
  { attestation_id: 'att_4', label: 'confirmed', reason: 'chargeback', reference: 'T-1017', actor: 'per_1', settled: true, labelled_at: at },
  { attestation_id: 'att_2', label: 'suspected', reason: 'shared_account', reference: '', actor: 'key_2', settled: false, labelled_at: born },
]

export const fraud: t.Fraud = {
  attestation_id: 'att_4',
  label: 'confirmed',
  reason: 'chargeback',
  reference: 'T-1017',
  labelled_at: at,
  settled: true,
  ended: ['att_4'],
  history: [
    { label: 'suspected', reason: 'shared_account', reference: '', actor: 'per_2', at: born },
    { label: 'confirmed', reason: 'chargeback', reference: 'T-1017', actor: 'per_1', at },
  ],
  redemptions: [{ redemption_id: 'rdm_1', order_id: 'o-2041', customer: 'c-1001', currency: 'USD', discount: 1799, points: 52, points_forfeited: 52, created_at: at }],
}

export const privacyRequests: t.PrivacyRequest[] = [
  { id: 'prq_2', kind: 'erasure', state: 'done', customer: 'erased_ABCDEFGHIJKLMNOPQRSTUVWXYZ', verification_id: '', asked_by: 'shopper', actor: 'shopper', removed: { verifications: 2, collected: 1 }, receipt: 'eyJhbGciOiJFUzI1NiJ9.e30.c2ln', created_at: at, done_at: at },
  { id: 'prq_1', kind: 'export', state: 'done', customer: 'c-1002', verification_id: '', asked_by: 'console', actor: 'per_1', removed: {}, receipt: null, created_at: born, done_at: born },
]

const quiet = { days: null, seconds: null, default_days: null, min_days: null, max_days: null, oldest_at: null, overdue: false, last_run_at: null, removed_last_run: 0, removed_30_days: 0 }

export const retention: t.Retention = {
  version: 3,
  classes: [
    { ...quiet, class: 'documents', kept: 'by_verifier', oldest_at: at, last_run_at: at, removed_30_days: 14 },
    { ...quiet, class: 'collected', kept: 'days', days: 90, default_days: 90, min_days: 1, max_days: 365, oldest_at: born, overdue: true, last_run_at: at, removed_last_run: 12, removed_30_days: 340 },
    { ...quiet, class: 'sign_ins', kept: 'fixed', seconds: 900 },
    { ...quiet, class: 'members', kept: 'until_erased' },
  ],
}
