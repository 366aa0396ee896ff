import type { Form } from '../contract'
import type { View } from '../view'

type Rules = NonNullable<Form['upload']>

/** What every gateway takes, for one whose storefront was read before the policy changed. */
const usual: Rules = {
  max_files: 3,
  max_bytes: 10 * 1024 * 1024,
  max_pages: 5,
  media_types: ['image/jpeg', 'image/png', 'image/webp', 'application/pdf'],
  accepted: [],
  organisations: [],
}

/** formOf is what a step with documents asks for. */
export function formOf({ state }: View): Form | undefined {
  return state.storefront?.forms.find((each) => each.upload && state.verification?.next.includes(each.requirement))
}

/** rulesOf are the bounds of what may be handed in. */
export function rulesOf(view: View): Rules {
  return formOf(view)?.upload ?? usual
}
