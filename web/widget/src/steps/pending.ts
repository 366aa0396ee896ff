import { html } from 'lit/html.js'
import type { Step } from '../view'

/** Somebody or something is checking; the flow asks the server from time to time. */
export const pending: Step = {
  title: ({ t }) => t('pendingTitle'),
  body: ({ t }) => html`
    <i aria-hidden="true"></i>
    <p class="hint">${t('pendingHint')}</p>
  `,
}
