import { html } from 'lit/html.js'
import { ways, type Way } from '../paths'
import type { Step, View } from '../view'

/** Several paths are open: the shopper picks the first step of one. */
export const choose: Step = {
  title: ({ t }) => t('pathTitle'),
  body: (view) => html`
    <ul class="choices">
      ${(view.state.verification ? ways(view.state.verification) : []).map((way) => {
        const [label, hint] = describe(way, view)
        return html`<li>
          <button class="choice" type="button" @click=${() => view.flow.chooseWay(way)}>
            <span>${label}<small>${hint}</small></span>
          </button>
        </li>`
      })}
    </ul>
  `,
}

function describe(way: Way, view: View): [label: string, hint: string] {
  const { t } = view
  switch (way.kind) {
    case 'email':
      return [t('pathEmail'), t('pathEmailHint')]
    case 'sso':
      return [t('pathSso', { name: providerName(view, way.provider) }), t('pathSsoHint')]
    case 'registry':
      return [t('pathRegistry'), t('pathRegistryHint')]
    case 'mock':
      return [t('pathMock'), '']
  }
}

/** providerName is the name that the store gave to an OpenID provider. */
export function providerName({ state }: View, id: string): string {
  return state.storefront?.providers.find((each) => each.id === id)?.name ?? id
}
