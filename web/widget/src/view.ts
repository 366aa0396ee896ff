import type { TemplateResult } from 'lit/html.js'
import type { Localised } from './contract'
import type { Flow } from './flow'
import type { Messages, Translate } from './messages/catalogue'
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
  /** What is wrong with which field, by the field's name. */
  wrong: Readonly<Record<string, string>>
  /** The error is about what was filled in, not about the network or the server. */
  blames: boolean
  text(localised: Localised | null | undefined): string
  /** Refuses an input before anything is sent; `wrong` says which fields it is about. */
  refuse(message: string, wrong?: Record<string, string>): void
  /** Says something short to everybody, screen readers included. */
  say(message: string): void
  /** Draws again, when a step keeps something of its own. */
  draw(): void
  /** Tries once more what could not be had. */
  again(): void
}

/** Step is one screen: its heading, which takes the focus, and what stands below it. */
export interface Step {
  /** The English texts that came with the step, when it came on demand. */
  words?: Readonly<Partial<Messages>>
  /** The looks that came with it. */
  sheet?: CSSStyleSheet
  title(view: View): string
  body(view: View): TemplateResult
}
