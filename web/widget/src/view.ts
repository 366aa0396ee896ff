import type { TemplateResult } from 'lit/html.js'
import type { Localised } from './contract'
import type { Flow } from './flow'
import type { Translate } from './messages/catalogue'
import type { State } from './state'

/** View is what a step draws from, and how it speaks back. */
export interface View {
  flow: Flow
  state: State
  t: Translate
  /** The language of the texts, for numbers and times. */
  locale: string
  /** The present, in milliseconds; the step is drawn again every second while it shows a time. */
  now: number
  /** The error that is shown, in words; empty when there is none. */
  error: string
  text(localised: Localised | null | undefined): string
  /** Refuses an input before anything is sent. */
  refuse(message: string): void
  /** Says something short to everybody, screen readers included. */
  say(message: string): void
}

/** Step is one screen: its heading, which takes the focus, and what stands below it. */
export interface Step {
  title(view: View): string
  body(view: View): TemplateResult
}
