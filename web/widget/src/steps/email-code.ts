import { html, nothing } from 'lit/html.js'
import { described, primary, quiet, wayOut, written } from '../controls'
import text from '../looks/code.css?inline'
import { sheetOf } from '../styles'
import type { Step, View } from '../view'
import { email as words } from '../words/email'

const sheet = sheetOf(text)

/** More than this is a wrong clock on this device, not a wait that the server asks for. */
const longestWait = 120

/** Six digits in one field, so that paste and the phone's auto-fill work; complete codes are sent by themselves. */
export const emailCode: Step = {
  words,
  sheet,
  title: ({ t }) => t('codeTitle'),
  body: (view) => {
    const { flow, state, t } = view
    const confirm = (event: Event) => {
      const code = written(event)['code'] ?? ''
      if (code.length < 6) view.refuse(t('codeShort'))
      else void flow.answer('email_code', { code })
    }
    return html`<form novalidate @submit=${confirm}>
      <p class="hint" id="hint">${state.email ? t('codeHint', { email: state.email }) : t('codeHintUnknown')}</p>
      <label for="field">${t('codeLabel')}</label>
      <input
        id="field"
        class="code"
        name="code"
        inputmode="numeric"
        autocomplete="one-time-code"
        required
        ?readonly=${state.busy}
        aria-invalid=${view.blames ? 'true' : 'false'}
        aria-describedby=${described(view)}
        @input=${(event: Event) => typed(event, view)}
      />
      ${primary(view, t('continue'))}
      <div class="row">${resend(view)} ${quiet(t('otherAddress'), () => flow.otherAddress())} ${wayOut(view)}</div>
    </form>`
  },
}

function typed(event: Event, { flow }: View): void {
  const field = event.currentTarget as HTMLInputElement
  const digits = field.value.replace(/\D/g, '').slice(0, 6)
  if (field.value !== digits) field.value = digits
  if (digits.length === 6) void flow.answer('email_code', { code: digits })
}

/** After a reload the address is not known any more: then "another address" asks for it. */
function resend(view: View) {
  const { flow, state, t } = view
  if (!state.email) return nothing
  const seconds = Math.ceil((Date.parse(state.verification?.resend_after ?? '') - view.now) / 1000)
  const wait = Math.min(seconds, longestWait)
  if (wait > 0) return quiet(t('resendIn', { n: wait }), () => {}, true)
  return quiet(t('resend'), async () => {
    await flow.answer('email', { email: state.email })
    if (!state.problem) view.say(t('resent'))
  })
}
