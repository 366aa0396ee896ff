import { html } from 'lit/html.js'
import { described, primary, submitted, wayOut } from '../controls'
import type { Step } from '../view'

/** The shopper names a mailbox; the server decides whether its domain is eligible. */
export const email: Step = {
  title: ({ t }) => t('emailTitle'),
  body: (view) => {
    const { flow, state, t } = view
    const send = (address: string) => {
      if (!/^\S+@\S+$/.test(address)) view.refuse(t('e.email_invalid'))
      else void flow.submitEmail(address)
    }
    return html`<form novalidate @submit=${submitted(send)}>
      <p class="hint" id="hint">${t('emailHint')}</p>
      <label for="field">${t('emailLabel')}</label>
      <input
        id="field"
        type="email"
        name="email"
        autocomplete="email"
        autocapitalize="none"
        spellcheck="false"
        required
        .value=${state.email}
        aria-invalid=${view.error ? 'true' : 'false'}
        aria-describedby=${described(view)}
      />
      ${primary(view, t('emailSend'))} ${wayOut(view)}
    </form>`
  },
}
