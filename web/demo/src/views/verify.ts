import { html, nothing } from 'lit'
import { language, t } from '../language'
import type { Store } from '../store'
import { groupName } from '../texts'

/** What the widget tells when a token was issued; the demo needs these two. */
type TokenEvent = CustomEvent<{ token: string; offer: { name: string } }>

/** The real widget for the group that the shopper chooses, and the offer that it brought. */
export function verifyPanel(store: Store) {
  const { proof } = store.state
  return html`<section class="sheet verify" aria-labelledby="verify-title">
    <h2 id="verify-title">${t('verifyTitle')}</h2>
    ${proof
      ? html`<p class="ticket">
          <span>${t('applied', { name: proof.name })}</span>
          <button class="link" type="button" @click=${() => void store.drop()}>${t('remove')}</button>
        </p>`
      : html`<p class="soft">${t('verifyHint')}</p>`}
    ${groups(store)} ${widget(store)} ${proof ? nothing : codeForm(store)}
  </section>`
}

function groups(store: Store) {
  const { session, offer } = store.state
  return html`<fieldset class="groups">
    <legend>${t('chooseGroup')}</legend>
    ${session?.offers.map(
      (each) => html`<label>
        <input
          type="radio"
          name="offer"
          value=${each.id}
          .checked=${offer === each.id}
          @change=${() => store.chooseOffer(each.id)}
        />
        <span>${groupName(each.group, language())}</span>
      </label>`,
    )}
  </fieldset>`
}

function widget(store: Store) {
  const { session, offer } = store.state
  if (!session || !offer) return nothing
  return html`<laurel-verify
    publishable-key=${session.publishable_key}
    offer=${offer}
    customer=${session.customer}
    locale=${language()}
    return-url=${`${location.origin}/demo/`}
    @laurel-token=${(event: TokenEvent) => void store.use(event.detail.token, event.detail.offer.name)}
  ></laurel-verify>`
}

/** For a code that was given out elsewhere, such as at a till. */
function codeForm(store: Store) {
  const apply = (event: SubmitEvent) => {
    event.preventDefault()
    const field = (event.currentTarget as HTMLFormElement).querySelector('input')
    const code = field?.value.trim()
    if (code) void store.use(code, code)
  }
  return html`<form class="code" @submit=${apply}>
    <label for="code">${t('codeLabel')}</label>
    <div>
      <input id="code" autocomplete="off" autocapitalize="characters" spellcheck="false" placeholder="ABCD-EFGH-JK" />
      <button class="second" type="submit">${t('codeApply')}</button>
    </div>
  </form>`
}
