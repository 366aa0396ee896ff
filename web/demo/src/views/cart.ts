import { html, nothing } from 'lit'
import { art } from '../art'
import { language, money, t } from '../language'
import type { Store } from '../store'
import { verifyPanel } from './verify'

export function cartView(store: Store) {
  if (!store.state.cart.size) {
    return html`<h1 tabindex="-1">${t('cart')}</h1>
      <p class="lead">${t('cartEmpty')}</p>
      <p><a class="main" href="#shop">${t('goShop')}</a></p>`
  }
  return html`<h1 tabindex="-1">${t('cart')}</h1>
    <div class="basket">
      <div class="sheet">
        <ul class="lines">
          ${[...store.state.cart].map(([sku, quantity]) => line(store, sku, quantity))}
        </ul>
        ${totals(store)}
      </div>
      ${verifyPanel(store)}
    </div>`
}

function line(store: Store, sku: string, quantity: number) {
  const product = store.state.products.find((each) => each.sku === sku)
  if (!product) return nothing
  const name = product.name[language()]
  return html`<li>
    <div class="thumb">${art(sku)}</div>
    <div class="what">
      <strong>${name}</strong>
      <span class="soft">${money(product.unit_amount, store.state.session?.currency ?? 'USD')}</span>
    </div>
    <div class="stepper" role="group" aria-label=${t('quantity', { name })}>
      <button type="button" aria-label=${t('fewer', { name })} @click=${() => void store.change(sku, -1)}>−</button>
      <output>${quantity}</output>
      <button type="button" aria-label=${t('more', { name })} @click=${() => void store.change(sku, 1)}>+</button>
    </div>
  </li>`
}

function totals(store: Store) {
  const { evaluation, session, busy } = store.state
  if (!evaluation) return nothing
  const show = (amount: number) => money(amount, session?.currency ?? 'USD')
  const { subtotal, discount, shipping, total } = evaluation.totals
  return html`
    <dl class="totals">
      <div><dt>${t('subtotal')}</dt><dd>${show(subtotal)}</dd></div>
      ${discount ? html`<div class="saved"><dt>${t('discount')}</dt><dd>−${show(discount)}</dd></div>` : nothing}
      <div><dt>${t('shipping')}</dt><dd>${show(shipping)}</dd></div>
      <div class="sum"><dt>${t('total')}</dt><dd>${show(total)}</dd></div>
    </dl>
    <p class="soft">${t('earns', { n: evaluation.points })}</p>
    <button class="main wide" type="button" id="checkout" ?disabled=${busy} @click=${() => void store.checkout()}>
      ${t('checkout', { total: show(total) })}
    </button>
    <p class="soft small">${t('pretend')}</p>
  `
}
