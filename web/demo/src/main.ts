import { html, render } from 'lit'
import { observeUploads, observeWidget, onLog } from './calls'
import { t } from './language'
import { Store } from './store'
import { callsPanel } from './views/calls'
import { cartView } from './views/cart'
import { header } from './views/header'
import { ordersView } from './views/orders'
import { pointsView } from './views/points'
import { productsView } from './views/products'

const app = document.getElementById('app')
if (!app) throw new Error('the page has no #app element')

const views = { shop: productsView, cart: cartView, orders: ordersView, points: pointsView }

const store: Store = new Store(draw)
let drawn = store.state.view

function draw(): void {
  const { state } = store
  render(
    html`
      <a class="skip" href="#main" @click=${skip}>${t('skip')}</a>
      ${header(store)}
      <div class="columns">
        <main id="main" tabindex="-1" aria-busy=${state.busy ? 'true' : 'false'}>
          <p class="notice" role="status">${state.notice}</p>
          <p class="problem" role="alert">${state.error}</p>
          ${state.session ? views[state.view](store) : waiting()}
        </main>
        ${callsPanel(store)}
      </div>
    `,
    app as HTMLElement,
  )
  if (drawn === state.view) return
  drawn = state.view
  document.title = `${t(drawn)} · Northside Supply`
  document.querySelector<HTMLElement>('h1')?.focus()
  scrollTo(0, 0)
}

function waiting() {
  if (!store.state.error) return html`<p>${t('loading')}</p>`
  return html`<button class="main" type="button" @click=${() => void store.open()}>${t('retry')}</button>`
}

/** The hash names the view, so the skip link moves the focus itself. */
function skip(event: Event): void {
  event.preventDefault()
  document.getElementById('main')?.focus()
}

observeWidget()
observeUploads()
onLog(draw)
addEventListener('hashchange', () => void store.show())
void store.open()
