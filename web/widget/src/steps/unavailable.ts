import { html } from 'lit/html.js'
import { primary } from '../controls'
import type { Step } from '../view'

/** The store could not be loaded, or does not have what the page asked for. */
export const unavailable: Step = {
  title: ({ t }) => t('unavailableTitle'),
  body: (view) => html`${primary(view, view.t('again'), () => view.again())}`,
}
