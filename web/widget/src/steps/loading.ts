import { html } from 'lit/html.js'
import type { Step } from '../view'

export const loading: Step = {
  title: ({ t }) => t('loading'),
  body: () => html`<i aria-hidden="true"></i>`,
}
