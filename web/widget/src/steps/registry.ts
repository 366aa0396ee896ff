import { html, nothing } from 'lit/html.js'
import type { Verification } from '../contract'
import { field, primary, wayOut, written } from '../controls'
import type { Step, View } from '../view'
import { registry as words } from '../words/registry'

/** The shopper names a number and a name; the server asks a register whether they belong together. */
export const registry: Step = {
  words,
  title: ({ t }) => t('registryTitle'),
  body: (view) => {
    const { t } = view
    const npi = asksForNpi(view.state.verification)
    return html`<form novalidate @submit=${(event: Event) => send(event, view, npi)}>
      <p class="hint" id="hint">${t(npi ? 'registryHintNpi' : 'registryHint')}</p>
      ${field(view, 'number', t(npi ? 'registryNpi' : 'registryNumber'), { inputmode: npi ? 'numeric' : 'text', longest: 60 })}
      ${field(view, 'first_name', t('registryFirst'), { autocomplete: 'given-name', autocapitalize: 'words' })}
      ${field(view, 'last_name', t('registryLast'), { autocomplete: 'family-name', autocapitalize: 'words' })}
      ${npi
        ? field(view, 'state', t('registryState'), { autocomplete: 'address-level1', autocapitalize: 'characters', longest: 2, optional: true })
        : nothing}
      ${primary(view, t('continue'))} ${wayOut(view)}
    </form>`
  },
}

function send(event: Event, view: View, npi: boolean): void {
  const { state, ...said } = written(event)
  const missing = ['number', 'first_name', 'last_name'].filter((name) => !said[name])
  if (missing.length) {
    return view.refuse(view.t('registryMissing'), Object.fromEntries(missing.map((name) => [name, view.t('required')])))
  }
  if (npi && !isNpi(said['number'] ?? '')) return view.refuse(view.t('registryNoNpi'), { number: '' })
  void view.flow.answer('registry', { ...said, ...(state && { state }) })
}

/** asksForNpi says whether every register of the open paths is NPPES, whose numbers can be checked here. */
function asksForNpi(verification: Pick<Verification, 'paths'> | undefined): boolean {
  const registers = verification?.paths.flat().filter((each) => /^registry\b/.test(each)) ?? []
  return registers.length > 0 && registers.every((each) => /^registry:nppes(-imported)?$/.test(each))
}

/** isNpi checks the last digit of an NPI: Luhn's, over 80840 and the number. */
export function isNpi(text: string): boolean {
  const digits = text.replace(/[\s-]/g, '')
  if (!/^\d{10}$/.test(digits)) return false
  const sum = [...`80840${digits}`].reverse().reduce((total, digit, i) => {
    const value = Number(digit) * (i % 2 ? 2 : 1)
    return total + (value > 9 ? value - 9 : value)
  }, 0)
  return sum % 10 === 0
}
