import { html } from 'lit/html.js'
import { described, primary, submitted, wayOut } from '../controls'
import type { Step } from '../view'

/** Test stores only: a first name decides the outcome, so that a storefront can try every screen. */
export const mock: Step = {
  title: ({ t }) => t('mockTitle'),
  body: (view) => {
    const { flow, t } = view
    return html`<form @submit=${submitted((name) => void flow.submitMock(name))}>
      <p class="hint" id="hint">${t('mockHint')}</p>
      <label for="field">${t('mockLabel')}</label>
      <input
        id="field"
        name="first_name"
        autocomplete="off"
        spellcheck="false"
        required
        aria-invalid=${view.error ? 'true' : 'false'}
        aria-describedby=${described(view)}
      />
      ${primary(view, t('continue'))} ${wayOut(view)}
    </form>`
  },
}
