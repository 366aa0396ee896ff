import { html } from 'lit/html.js'
import { field, primary, wayOut, written } from '../controls'
import type { Step } from '../view'
import { mock as words } from '../words/mock'

/** Test stores only: a first name decides the outcome, so that a storefront can try every screen. */
export const mock: Step = {
  words,
  title: ({ t }) => t('mockTitle'),
  body: (view) => {
    const { flow, t } = view
    return html`<form @submit=${(event: Event) => void flow.answer('mock', written(event))}>
      <p class="hint" id="hint">${t('mockHint')}</p>
      ${field(view, 'first_name', t('mockLabel'), {})} ${primary(view, t('continue'))} ${wayOut(view)}
    </form>`
  },
}
