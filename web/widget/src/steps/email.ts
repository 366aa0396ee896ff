import { html } from 'lit/html.js'
import { field, primary, wayOut, written } from '../controls'
import type { Step } from '../view'
import { email as words } from '../words/email'

export { emailCode } from './email-code'

/** The shopper names a mailbox; the server decides whether its domain is eligible. */
export const email: Step = {
  words,
  title: ({ t }) => t('emailTitle'),
  body: (view) => {
    const { flow, state, t } = view
    const send = (event: Event) => {
      const address = written(event)['email'] ?? ''
      if (!/^\S+@\S+$/.test(address)) view.refuse(t('e.email_invalid'))
      else {
        state.email = address
        void flow.answer('email', { email: address })
      }
    }
    return html`<form novalidate @submit=${send}>
      <p class="hint" id="hint">${t('emailHint')}</p>
      ${field(view, 'email', t('emailLabel'), { type: 'email', autocomplete: 'email', autocapitalize: 'none', longest: 254, value: state.email })}
      ${primary(view, t('emailSend'))} ${wayOut(view)}
    </form>`
  },
}
