import type { Screen } from '../state'
import type { Step } from '../view'
import { choose } from './choose'
import { consent } from './consent'
import { group } from './group'
import { loading } from './loading'
import { unavailable } from './unavailable'

/** steps has the drawings that are there at once: all that stands before a shopper decides to go on. */
const steps = { loading, group, consent, choose, unavailable } satisfies Partial<Record<Screen, Step>>

/** Part is a screen whose drawing is a file of its own. */
export type Part = Exclude<Screen, keyof typeof steps>

/** parts are loaded when a shopper gets there. */
const parts: Record<Part, () => Promise<Step>> = {
  email: () => import('./email').then((module) => module.email),
  email_code: () => import('./email').then((module) => module.emailCode),
  sso: () => import('./sso').then((module) => module.sso),
  registry: () => import('./registry').then((module) => module.registry),
  document: () => import('./document').then((module) => module.document),
  remote: () => import('./remote').then((module) => module.remote),
  mock: () => import('./mock').then((module) => module.mock),
  pending: () => import('./pending').then((module) => module.pending),
  success: () => import('./success').then((module) => module.success),
  refused: () => import('./refused').then((module) => module.refused),
}

const loaded = new Map<Part, Step>()

/** drawn is the drawing of a screen, or undefined when it has to be loaded first. */
export function drawn(screen: Screen): Step | undefined {
  return (steps as Partial<Record<Screen, Step>>)[screen] ?? loaded.get(screen as Part)
}

/** load fetches a drawing, once more when that fails: a phone changes its network in between. */
export async function load(part: Part): Promise<void> {
  const fetch = parts[part]
  loaded.set(
    part,
    await fetch().catch(async () => {
      await new Promise((resolve) => setTimeout(resolve, 1_000))
      return fetch()
    }),
  )
}
