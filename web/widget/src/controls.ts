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

/** choices is a list of large buttons. */
export function choices(all: { label: unknown; hint?: string; press: () => void }[]): TemplateResult {
  return html`<ul class="choices">
    ${all.map(
      ({ label, hint, press }) => html`<li>
        <button class="choice" type="button" @click=${press}>
          <span>${label}${hint ? html`<small>${hint}</small>` : nothing}</span>
        </button>
      </li>`,
    )}
  </ul>`
}

/** Manner is how a field is written into. */
export interface Manner {
  type?: string
  autocomplete?: string
  inputmode?: string
  autocapitalize?: string
  /** In characters; 100 when left out. */
  longest?: number
  /** It may be left empty. */
  optional?: boolean
  /** What stands in the field when it is drawn first. */
  value?: string
}

/** field is a label, an input that is called by its name, and what is wrong with it. */
export function field(view: View, name: string, label: string, manner: Manner): TemplateResult {
  return html`<label for=${name}>${label}${manner.optional ? html` <small>(${view.t('optional')})</small>` : nothing}</label>
    <input
      id=${name}
      name=${name}
      type=${manner.type ?? 'text'}
      autocomplete=${manner.autocomplete ?? 'off'}
      inputmode=${manner.inputmode ?? nothing}
      autocapitalize=${manner.autocapitalize ?? nothing}
      maxlength=${manner.longest ?? 100}
      spellcheck="false"
      ?required=${!manner.optional}
      value=${manner.value ?? nothing}
      aria-invalid=${invalid(view, name, manner.optional)}
      aria-describedby=${described(view, name)}
    />
    ${fault(view, name)}`
}

/** fault is what is wrong with one field. */
export function fault({ wrong }: View, name: string): TemplateResult | typeof nothing {
  return wrong[name] ? html`<p class="wrong" id=${`${name}-wrong`}>${wrong[name]}</p>` : nothing
}

/** invalid marks a field; an error that names no field is about all that have to be filled in. */
export function invalid({ wrong, blames }: View, name: string, optional = false): 'true' | 'false' {
  return (Object.keys(wrong).length ? name in wrong : blames && !optional) ? 'true' : 'false'
}

/** written are the trimmed values of a form's fields. */
export function written(event: Event): Record<string, string> {
  event.preventDefault()
  const all: Record<string, string> = {}
  for (const [name, value] of new FormData(event.currentTarget as HTMLFormElement)) {
    if (typeof value === 'string') all[name] = value.trim()
  }
  return all
}

/** described ties a field to its hint, to the error that stands above it, and to what is wrong with it. */
export function described({ error, wrong }: View, name = ''): string {
  return `${wrong[name] ? `${name}-wrong ` : ''}${error ? 'error ' : ''}hint`
}
