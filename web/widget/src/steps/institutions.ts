import { html, nothing } from 'lit/html.js'
import { described, primary, wayOut } from '../controls'
import { providersOf } from '../paths'
import { Search } from '../search'
import text from '../looks/search.css?inline'
import { sheetOf } from '../styles'
import type { View } from '../view'

/** sheet is the looks of the search. */
export const sheet = sheetOf(text)

/** institutions lets a shopper find by its name where to sign in: the combobox of WAI-ARIA 1.2. */
export function institutions(view: View) {
  const { flow, t } = view
  const search = Search.of(view)
  const { chosen } = search
  const go = (event: Event) => {
    event.preventDefault()
    if (chosen) void flow.signIn(chosen.id)
    else view.refuse(t('searchPick'))
  }
  return html`<form novalidate @submit=${go}>
    <p class="hint" id="hint">${t('searchHint')}</p>
    <label for="search">${t('searchLabel')}</label>
    ${box(view, search)}
    <p class="hint" role="status">${found(view, search)}</p>
    ${primary(view, chosen ? t('ssoGo', { name: chosen.name }) : t('continue'))} ${wayOut(view)}
  </form>`
}

function box(view: View, search: Search) {
  const { places, open, active } = search
  return html`<div class="combo">
    <input
      id="search"
      role="combobox"
      type="text"
      autocomplete="off"
      autocapitalize="none"
      spellcheck="false"
      maxlength="100"
      .value=${search.text}
      aria-autocomplete="list"
      aria-controls="places"
      aria-expanded=${open ? 'true' : 'false'}
      aria-activedescendant=${open && active >= 0 ? `place-${active}` : nothing}
      aria-invalid=${view.blames ? 'true' : 'false'}
      aria-describedby=${described(view)}
      @input=${(event: Event) => search.type((event.currentTarget as HTMLInputElement).value)}
      @keydown=${(event: KeyboardEvent) => search.press(event)}
      @focus=${() => search.show()}
      @click=${() => search.show()}
      @blur=${() => search.close()}
    />
    <ul id="places" role="listbox" aria-label=${view.t('searchList')} ?hidden=${!open}>
      ${places.map(
        (place, i) => html`<li
          id=${`place-${i}`}
          role="option"
          aria-selected=${i === active ? 'true' : 'false'}
          @mousedown=${(event: Event) => event.preventDefault()}
          @click=${() => search.choose(i)}
        >
          ${place.name}
        </li>`,
      )}
    </ul>
  </div>`
}

/** found says how the search went, to everybody. */
function found({ t, state }: View, { places, more, busy, asked, chosen }: Search) {
  if (chosen) return nothing
  if (busy) return t('searchBusy')
  if (!asked) return nothing
  if (!places.length) return t('searchNone')
  if (more) return t('searchMore', { n: places.length })
  const known = state.verification ? providersOf(state.verification).length : 0
  if (places.length === 1) return t('searchOne')
  return places.length < known ? t('searchSome', { n: places.length }) : nothing
}
