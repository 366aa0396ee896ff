import { html, nothing } from 'lit'
import { language, t } from '../language'
import type { View } from '../state'
import type { Store } from '../store'
import type { Language } from '../texts'

const pages: View[] = ['shop', 'orders', 'points', 'cart']

export function header(store: Store) {
  const { state } = store
  return html`<header>
    <a class="brand" href="#shop">
      <svg viewBox="0 0 32 32" width="36" height="36" aria-hidden="true">
        <rect width="32" height="32" rx="8" class="ink" />
        <path d="M9 23V9l14 14V9" class="stroke" />
      </svg>
      <span>Northside Supply</span>
    </a>
    <nav aria-label="Northside Supply">
      ${pages.map(
        (page) => html`<a href="#${page}" aria-current=${state.view === page ? 'page' : nothing}
          >${t(page)}${page === 'cart' ? html` <b class="count">${store.count}</b>` : nothing}</a
        >`,
      )}
      <a href="/demo/inbox" target="_blank">${t('inbox')}</a>
    </nav>
    <div class="tools">
      <label class="hidden" for="language">${t('language')}</label>
      <select id="language" @change=${(event: Event) => store.speak((event.target as HTMLSelectElement).value as Language)}>
        <option value="en" ?selected=${language() === 'en'}>English</option>
        <option value="de" ?selected=${language() === 'de'}>Deutsch</option>
      </select>
    </div>
  </header>`
}
