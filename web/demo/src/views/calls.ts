import { html, nothing } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import { clearLog, logged, type Logged } from '../calls'
import { t } from '../language'
import type { Store } from '../store'

/** The calls as they happen: a column beside the shop, on phones a sheet that opens from below. */
export function callsPanel(store: Store) {
  const calls = logged()
  const open = store.state.callsOpen
  return html`<aside class="calls ${open ? 'open' : ''}" aria-labelledby="calls-title">
    <div class="bar">
      <h2 id="calls-title">${t('calls')} <b class="count">${calls.length}</b></h2>
      ${calls.length ? html`<button class="link" type="button" @click=${clearLog}>${t('clear')}</button>` : nothing}
      <button
        class="second toggle"
        type="button"
        aria-expanded=${open ? 'true' : 'false'}
        aria-controls="calls-list"
        aria-label="${open ? t('close') : t('show')}: ${t('calls')}"
        @click=${() => store.toggleCalls(!open)}
      >
        ${open ? t('close') : t('show')}
      </button>
    </div>
    <div id="calls-list">
      <p class="soft small">${calls.length ? t('callsHint') : t('callsEmpty')}</p>
      <ol>
        ${repeat(calls, (call) => call.id, entry)}
      </ol>
    </div>
  </aside>`
}

function entry(call: Logged) {
  return html`<li>
    <details>
      <summary>
        <span class="method">${call.method}</span>
        <span class="path">${call.path}</span>
        <span class="status ${call.status >= 200 && call.status < 400 ? 'good' : 'bad'}">${call.status || '—'}</span>
        <span class="from">${call.source === 'shop' ? t('fromShop') : t('fromWidget')}, ${call.ms} ms</span>
      </summary>
      ${json(t('request'), call.request)} ${json(t('response'), call.response)}
    </details>
  </li>`
}

function json(title: string, body: unknown) {
  if (body === null || body === undefined) return nothing
  return html`<h3>${title}</h3>
    <pre tabindex="0">${JSON.stringify(body, null, 2)}</pre>`
}
