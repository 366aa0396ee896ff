import type { Verification } from './contract'

/** Way is one first step that the shopper may choose. */
export interface Way {
  kind: 'email' | 'sso' | 'mock' | 'registry' | 'document' | 'remote'
  /** Which one of its kind: the OpenID provider's id, the remote form's id; empty when that is asked next. */
  instance: string
}

/** Up to so many providers are buttons; more are searched. */
const fewProviders = 4

type Open = Pick<Verification, 'paths' | 'next'>

/** ways lists the requirements that may be met next, each once and in the policy's order; verifiers unknown to the widget are left out. */
export function ways(verification: Open): Way[] {
  const found = new Map<string, Way>()
  for (const requirement of verification.next) {
    const way = wayOf(requirement)
    if (!way) continue
    if (way.kind === 'sso' && searches(verification)) found.set('sso', { kind: 'sso', instance: '' })
    // Registers and documents are told apart by what is given, not by the shopper.
    else found.set(way.kind === 'registry' || way.kind === 'document' || way.kind === 'email' ? way.kind : requirement, way)
  }
  return [...found.values()]
}

/** onlyWay is where there is nothing to choose: one way, or a path of which something holds already. */
export function onlyWay(verification: Open): Way | undefined {
  const [only, ...others] = ways(verification)
  if (!others.length) return only
  const { next, paths } = verification
  const begun = paths.find(([first]) => first && !next.includes(first))?.find((each) => next.includes(each))
  return begun ? wayOf(begun) : undefined
}

function wayOf(verifier: string): Way | undefined {
  const [name, detail = ''] = verifier.split(':')
  switch (name) {
    case 'email':
    case 'mock':
    case 'registry':
    case 'document':
      return { kind: name, instance: '' }
    case 'remote':
      return { kind: name, instance: detail }
    case 'oidc':
      return { kind: 'sso', instance: detail }
    default:
      return undefined
  }
}

/** providersOf lists the OpenID providers that may be signed in at next: those that the step `sso` may name. */
export function providersOf({ next }: Pick<Open, 'next'>): string[] {
  return next.flatMap((each) => {
    const way = wayOf(each)
    return way?.kind === 'sso' ? [way.instance] : []
  })
}

/** searches says whether there are too many providers to show them all. */
export function searches(verification: Pick<Open, 'next'>): boolean {
  return providersOf(verification).length > fewProviders
}
