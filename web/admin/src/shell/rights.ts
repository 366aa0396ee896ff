import type { Role } from '../api/types'

/** Right names what may be changed in a store. */
export type Right =
  | 'settings'
  | 'keys'
  | 'policies'
  | 'providers'
  | 'packs'
  | 'offers'
  | 'program'
  | 'members'
  | 'attestations'
  | 'reviews'
  | 'support'
  | 'fraud'
  | 'privacy'
  | 'retention'
  | 'rosters'
  | 'remotes'
  | 'webhooks'
  | 'people'

const holders: Record<Right, readonly Role[]> = {
  settings: ['owner'],
  keys: ['owner'],
  policies: ['owner', 'marketer'],
  providers: ['owner'],
  packs: ['owner', 'marketer'],
  offers: ['owner', 'marketer'],
  program: ['owner', 'marketer'],
  members: ['owner', 'support'],
  attestations: ['owner', 'support', 'reviewer'],
  reviews: ['owner', 'reviewer'],
  fraud: ['owner', 'reviewer'],
  support: ['owner', 'support'],
  privacy: ['owner', 'support'],
  retention: ['owner'],
  rosters: ['owner'],
  remotes: ['owner'],
  webhooks: ['owner'],
  people: ['owner'],
}

/** roles in the order of what they may do. */
export const roles: readonly Role[] = ['owner', 'marketer', 'reviewer', 'analyst', 'support']

/** may tells what to offer to a role. The server decides; this only keeps buttons away that it would refuse. */
export function may(role: Role | undefined, operator: boolean, right: Right): boolean {
  return operator || (role !== undefined && holders[right].includes(role))
}
