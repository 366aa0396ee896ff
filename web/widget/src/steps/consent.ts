import { html, nothing } from 'lit/html.js'
import { primary, wayOut } from '../controls'
import type { Step, View } from '../view'

/** The store's consent text; the marketing question is apart from it, never ticked beforehand and never required. */
export const consent: Step = {
  title: ({ t }) => t('consentTitle'),
  body: (view) => {
    const { state, t, text } = view
    const terms = state.storefront?.consent
    return html`<form @submit=${(event: Event) => agree(event, view)}>
      <p class="terms">${text(terms?.text)}</p>
      ${privacyLink(terms?.privacy_url, t('consentPrivacy'))} ${marketing(text(terms?.marketing_text), t('optional'))}
      ${primary(view, t('consentAgree'))} ${wayOut(view)}
    </form>`
  },
}

function agree(event: Event, { flow }: View): void {
  event.preventDefault()
  const box = (event.currentTarget as HTMLFormElement).querySelector<HTMLInputElement>('#marketing')
  void flow.agree(box?.checked ?? false)
}

function privacyLink(url: string | null | undefined, label: string) {
  if (!url || !/^https?:\/\//.test(url)) return nothing
  return html`<a href=${url} target="_blank" rel="noopener">${label}</a>`
}

/** A browser that sends Global Privacy Control has answered the question already: it is not asked. */
function marketing(text: string, optional: string) {
  const refused = (navigator as { globalPrivacyControl?: boolean }).globalPrivacyControl === true
  if (!text || refused) return nothing
  return html`<label class="check">
    <input id="marketing" type="checkbox" />
    <span>${text} <small>(${optional})</small></span>
  </label>`
}
