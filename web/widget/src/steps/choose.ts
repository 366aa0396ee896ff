import { choices } from '../controls'
import { ways, type Way } from '../paths'
import type { Step, View } from '../view'

/** Several paths are open: the shopper picks the first step of one. */
export const choose: Step = {
  title: ({ t }) => t('pathTitle'),
  body: (view) =>
    choices(
      (view.state.verification ? ways(view.state.verification) : []).map((way) => {
        const [label, hint] = describe(way, view)
        return { label, hint, press: () => view.flow.chooseWay(way) }
      }),
    ),
}

function describe({ kind, instance }: Way, view: View): [label: string, hint: string] {
  const { t } = view
  switch (kind) {
    case 'email':
      return [t('pathEmail'), t('pathEmailHint')]
    case 'sso':
      return instance ? [t('pathSso', { name: providerName(view, instance) }), t('pathSsoHint')] : [t('pathSearch'), t('pathSearchHint')]
    case 'registry':
      return [t('pathRegistry'), t('pathRegistryHint')]
    case 'document':
      return [t('pathDocument'), t('pathDocumentHint')]
    case 'remote':
      return [t('pathRemote', { name: formName(view, instance) }), t('pathRemoteHint')]
    case 'mock':
      return [t('pathMock'), '']
  }
}

/** providerName is the name that the store gave to an OpenID provider. */
export function providerName({ state }: View, id: string): string {
  return state.storefront?.providers.find((each) => each.id === id)?.name ?? id
}

function formName({ state }: View, id: string): string {
  return state.storefront?.forms.find((each) => each.id === id)?.name ?? id
}
