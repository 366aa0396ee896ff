import { html, nothing } from 'lit/html.js'
import { described, primary, wayOut } from '../controls'
import type { Verification } from '../contract'
import type { Step, View } from '../view'

/** The shopper names a number and a name; the server asks a register whether they belong together. */
export const registry: Step = {
  title: ({ t }) => t('registryTitle'),
  body: (view) => {
    const { t } = view
    const npi = asksForNpi(view.state.verification)
    return html`<form novalidate @submit=${(event: Event) => send(event, view, npi)}>
      <p class="hint" id="hint">${t(npi ? 'registryHintNpi' : 'registryHint')}</p>
      ${field(view, 'number', t(npi ? 'registryNpi' : 'registryNumber'), { autocomplete: 'off', inputmode: npi ? 'numeric' : 'text' })}
      ${field(view, 'first_name', t('registryFirst'), { autocomplete: 'given-name', inputmode: 'text' })}
      ${field(view, 'last_name', t('registryLast'), { autocomplete: 'family-name', inputmode: 'text' })}
      ${npi ? field(view, 'state', `${t('registryState')} (${t('optional')})`, { autocomplete: 'address-level1', inputmode: 'text', longest: 2 }) : nothing}
      ${primary(view, t('continue'))} ${wayOut(view)}
    </form>`
  },
}

interface Manner {
  autocomplete: AutoFill
  inputmode: 'numeric' | 'text'
  longest?: number
}

function field(view: View, name: string, label: string, { autocomplete, inputmode, longest = 100 }: Manner) {
  return html`<label for=${name}>${label}</label>
    <input
      id=${name}
      name=${name}
      autocomplete=${autocomplete}
      inputmode=${inputmode}
      autocapitalize=${name === 'state' ? 'characters' : 'words'}
      maxlength=${longest}
      spellcheck="false"
      ?required=${name !== 'state'}
      aria-invalid=${view.error && name !== 'state' ? 'true' : 'false'}
      aria-describedby=${described(view)}
    />`
}

function send(event: Event, view: View, npi: boolean): void {
  event.preventDefault()
  const all = new FormData(event.currentTarget as HTMLFormElement)
  const said = (name: string) => String(all.get(name) ?? '').trim()
  const [number, first, last, state] = [said('number'), said('first_name'), said('last_name'), said('state')]
  if (!number || !first || !last) return view.refuse(view.t('registryMissing'))
  if (npi && !isNpi(number)) return view.refuse(view.t('registryNoNpi'))
  void view.flow.submitRegistry({ number, first_name: first, last_name: last, ...(state && { state }) })
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
