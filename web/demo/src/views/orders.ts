import { html, nothing } from 'lit'
import type { Order, OrderLine } from '../backend'
import { language, moment, money, t } from '../language'
import type { Store } from '../store'
import type { TextKey } from '../texts'

const states: Record<string, TextKey> = {
  placed: 'statePlaced',
  redeemed: 'stateRedeemed',
  partially_refunded: 'statePartly',
  refunded: 'stateRefunded',
}

export function ordersView(store: Store) {
  const { orders } = store.state
  return html`<h1 tabindex="-1">${t('orders')}</h1>
    ${orders.length || store.state.busy
      ? nothing
      : html`<p class="lead">${t('ordersEmpty')}</p>
          <p><a class="main" href="#shop">${t('goShop')}</a></p>`}
    ${orders.map((order) => orderCard(store, order))}`
}

function orderCard(store: Store, order: Order) {
  const left = order.lines.filter((line) => line.refunded < line.quantity)
  const all = left.map((line) => ({ line_id: line.line_id, quantity: line.quantity - line.refunded }))
  const state = states[order.state]
  return html`<article class="sheet order" aria-labelledby=${order.order_id}>
    <div class="row">
      <h2 id=${order.order_id}>${t('order', { id: order.order_id })}</h2>
      <span class="tag">${state ? t(state) : order.state}</span>
    </div>
    <p class="soft">${t('placedAt', { time: moment(order.placed_at) })} · ${t('earned', { n: order.points })}</p>
    <ul class="lines">
      ${order.lines.map((line) => lineOf(store, order, line))}
    </ul>
    <dl class="totals">
      ${order.totals.discount
        ? html`<div class="saved"><dt>${t('discount')}</dt><dd>−${money(order.totals.discount, order.currency)}</dd></div>`
        : nothing}
      <div class="sum"><dt>${t('total')}</dt><dd>${money(order.totals.total, order.currency)}</dd></div>
    </dl>
    ${order.refunds.map(
      (each) =>
        html`<p class="soft small">
          ${t('refundedShort', { points: each.points_reversed, discount: money(each.discount_reversed, order.currency) })}
        </p>`,
    )}
    ${left.length
      ? html`<button class="second" type="button" ?disabled=${store.state.busy} @click=${() => void store.refund(order, all)}>
          ${t('returnAll')}
        </button>`
      : nothing}
  </article>`
}

function lineOf(store: Store, order: Order, line: OrderLine) {
  const name = line.name[language()]
  return html`<li>
    <div class="what">
      <strong>${line.quantity} × ${name}</strong>
      <span class="soft">
        ${money(line.unit_amount * line.quantity - line.discount, order.currency)}${line.refunded
          ? html` · ${t('returned', { n: line.refunded })}`
          : nothing}
      </span>
    </div>
    ${line.refunded < line.quantity
      ? html`<button
          class="link"
          type="button"
          aria-label=${t('returnLineOf', { name })}
          ?disabled=${store.state.busy}
          @click=${() => void store.refund(order, [{ line_id: line.line_id, quantity: 1 }])}
        >
          ${t('returnLine')}
        </button>`
      : nothing}
  </li>`
}
