import type { Api } from './api'
import type { Emit } from './events'
import type { Memory } from './memory'

/** Surroundings are what the flow touches outside itself. */
export interface Surroundings {
  api: Api
  memory: Memory
  emit: Emit
  /** Draws the state; called after every change. */
  changed: () => void
  /** Leaves the page for a sign-in. */
  leave: (url: string) => void
}
