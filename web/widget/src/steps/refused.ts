import { html, nothing } from 'lit/html.js'
import { primary, quiet } from '../controls'
import type { MessageKey } from '../messages/catalogue'
import type { Step, View } from '../view'
import { refused as words } from '../words/refused'

/** The verification ended without success: why, and what to do next. */
export const refused: Step = {
  words,
  title: ({ t, state }) => t(ended[state.verification?.state ?? ''] ?? 'refusedTitle'),
  body: (view) => {
    const { flow, state, t } = view
    const { verification } = state
    if (ended[verification?.state ?? '']) {
      return html`<p>${t('refusedGone')}</p>
        ${primary(view, t('startOver'), () => void flow.restart())}`
    }
    const open = verification?.state === 'rejected'
    return html`
      ${view.error ? nothing : html`<p>${t(open ? 'e.not_eligible' : 'e.over')}</p>`} ${move(view)}
      <p>${t(open ? 'refusedAgain' : 'refusedEnd')}</p>
      ${open ? primary(view, t('again'), () => flow.proceed()) : nothing}
      ${open ? quiet(t('startOver'), () => void flow.restart()) : primary(view, t('startOver'), () => void flow.restart())}
      ${appeal(view)}
    `
  },
}

/** What ended without anybody saying no. */
const ended: Record<string, MessageKey | undefined> = { cancelled: 'refusedCancelled', expired: 'refusedExpired' }

const says = ({ state }: View, code: string) => state.verification?.errors.some((each) => each.code === code)

/** The proof is in use by another customer: whoever has two accounts may take it along. */
function move(view: View) {
  const { flow, state, t } = view
  if (!says(view, 'already_verified') || !state.verification?.customer) return nothing
  return html`<p class="hint">${t('moveHint')}</p>
    ${primary(view, t('moveNow'), () => void flow.change((api, claim) => api.change(claim, 'move')))}`
}

function appeal(view: View) {
  const { flow, state, t } = view
  const store = html`<p class="hint">${t('refusedElse', { store: state.storefront?.store.name ?? '' })}</p>`
  if (state.problem?.code === 'appeal_made' || !state.verification?.errors.length) return store
  return html`<details>
      <summary>${t('appealAsk')}</summary>
      <p class="hint">${t('appealHint')}</p>
      ${quiet(t('appealNow'), () => void flow.change((api, claim) => api.change(claim, 'appeal')))}
    </details>
    ${store}`
}
