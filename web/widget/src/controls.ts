import { html, nothing, type TemplateResult } from 'lit/html.js'
import type { View } from './view'

/** primary is the step's main button; it stays focusable while busy, and the flow ignores a second press. */
export function primary(view: View, label: string, press?: (event: Event) => unknown): TemplateResult {
  return html`<button
    class="primary"
    type=${press ? 'button' : 'submit'}
    aria-disabled=${view.state.busy ? 'true' : nothing}
    @click=${press ?? nothing}
  >
    <span>${label}</span>${view.state.busy ? html`<i aria-hidden="true"></i>` : nothing}
  </button>`
}

/** quiet is a button beside the main way. */
export function quiet(label: string, press: (event: Event) => unknown, disabled = false): TemplateResult {
  return html`<button class="quiet" type="button" ?disabled=${disabled} @click=${press}>${label}</button>`
}

/** wayOut offers the way back, or another way to prove it, where there is one. */
export function wayOut({ flow, t }: View): TemplateResult | typeof nothing {
  if (flow.canBack) return quiet(t('back'), () => flow.back())
  if (flow.canGiveUp) return quiet(t('otherWay'), () => void flow.giveUp())
  return nothing
}

/** submitted hands over the trimmed value of a form's field. */
export function submitted(use: (value: string) => void): (event: Event) => void {
  return (event) => {
    event.preventDefault()
    const field = (event.currentTarget as HTMLFormElement).querySelector('input')
    use(field?.value.trim() ?? '')
  }
}

/** described ties a field to its hint and to the error that stands above it. */
export function described(view: View): string {
  return view.error ? 'error hint' : 'hint'
}
