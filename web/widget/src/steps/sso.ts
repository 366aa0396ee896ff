import { html } from 'lit/html.js'
import { primary, wayOut } from '../controls'
import { providersOf } from '../paths'
import type { Step } from '../view'
import { providerName } from './choose'

/** The shopper leaves to sign in elsewhere and comes back to this page. */
export const sso: Step = {
  title: ({ t }) => t('ssoTitle'),
  body: (view) => {
    const { flow, state, t } = view
    const providers = state.verification ? providersOf(state.verification) : []
    return html`
      <p class="hint">${t('ssoHint')}</p>
      ${providers.map((id) => primary(view, t('ssoGo', { name: providerName(view, id) }), () => void flow.signIn(id)))}
      ${wayOut(view)}
    `
  },
}
