import { html } from 'lit/html.js'
import type { Step } from '../view'

/** The shopper chooses a group; left out when the page or the offer fixes it. */
export const group: Step = {
  title: ({ t }) => t('groupTitle'),
  body: ({ flow, state, text }) => html`
    <ul class="choices">
      ${state.storefront?.groups.map(
        (each) => html`<li>
          <button class="choice" type="button" @click=${() => flow.chooseGroup(each.group)}>
            <span>${text(each.label)}</span>
          </button>
        </li>`,
      )}
    </ul>
  `,
}
