import type { Verification } from './contract'

/** Way is one first step that the shopper may choose. */
export interface Way {
  kind: 'email' | 'sso' | 'mock' | 'registry'
  /** The OpenID provider's id, for sso. */
  provider: string
}

/** ways lists the first steps of a verification's paths, each once and in the policy's order; verifiers unknown to the widget are left out. */
export function ways(verification: Pick<Verification, 'paths'>): Way[] {
  const found = new Map<string, Way>()
  for (const [first] of verification.paths) {
    const way = first && wayOf(first)
    if (way) found.set(first, way)
  }
  return [...found.values()]
}

function wayOf(verifier: string): Way | undefined {
  const [name, detail = ''] = verifier.split(':')
  switch (name) {
    case 'email':
    case 'mock':
    case 'registry':
      return { kind: name, provider: '' }
    case 'oidc':
      return { kind: 'sso', provider: detail }
    default:
      return undefined
  }
}

/** providersOf lists the OpenID providers that stand anywhere in the paths: those that the step `sso` may name. */
export function providersOf(verification: Pick<Verification, 'paths'>): string[] {
  const all = verification.paths.flat().map(wayOf)
  return [...new Set(all.flatMap((way) => (way?.kind === 'sso' ? [way.provider] : [])))]
}
