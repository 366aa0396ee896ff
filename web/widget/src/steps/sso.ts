import { html } from 'lit/html.js'
import { primary, wayOut } from '../controls'
import { providersOf, searches } from '../paths'
import type { Step, View } from '../view'
import { sso as words } from '../words/sso'
import { providerName } from './choose'
import { institutions, sheet } from './institutions'

const tooMany = ({ state: { verification } }: View) => !!verification && searches(verification)

/** The shopper leaves to sign in elsewhere and comes back to this page. Where there are too many places for buttons, they search. */
export const sso: Step = {
  words,
  sheet,
  title: (view) => view.t(tooMany(view) ? 'searchTitle' : 'ssoTitle'),
  body: (view) => {
    if (tooMany(view)) return institutions(view)
    const { flow, state, t } = view
    const providers = state.verification ? providersOf(state.verification) : []
    return html`
      <p class="hint">${t('ssoHint')}</p>
      ${providers.map((id) => primary(view, t('ssoGo', { name: providerName(view, id) }), () => void flow.signIn(id)))}
      ${wayOut(view)}
    `
  },
}
