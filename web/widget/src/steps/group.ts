import { choices } from '../controls'
import type { Step } from '../view'

/** The shopper chooses a group; left out when the page or the offer fixes it. */
export const group: Step = {
  title: ({ t }) => t('groupTitle'),
  body: ({ flow, state, text }) =>
    choices((state.storefront?.groups ?? []).map((each) => ({ label: text(each.label), press: () => flow.chooseGroup(each.group) }))),
}
