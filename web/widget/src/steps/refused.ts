import { html } from 'lit/html.js'
import { primary } from '../controls'
import type { Step } from '../view'

/** The verification ended without success: why, and what to do next. */
export const refused: Step = {
  title: ({ t }) => t('refusedTitle'),
  body: (view) => {
    const { flow, state, t } = view
    return html`
      ${view.error ? '' : html`<p>${t(state.verification?.state === 'rejected' ? 'e.not_eligible' : 'e.over')}</p>`}
      <p class="hint">${t('refusedNext', { store: state.storefront?.store.name ?? '' })}</p>
      ${primary(view, t('startOver'), () => void flow.restart())}
    `
  },
}
