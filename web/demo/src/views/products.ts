import { html } from 'lit'
import { art } from '../art'
import { language, money, t } from '../language'
import type { Store } from '../store'

export function productsView(store: Store) {
  const { products, session } = store.state
  return html`
    <h1 tabindex="-1">${t('shop')}</h1>
    <p class="lead">${t('tagline')}</p>
    <ul class="grid">
      ${products.map((each) => {
        const name = each.name[language()]
        return html`<li class="product">
          <div class="art">${art(each.sku)}</div>
          <h2>${name}</h2>
          <p class="soft">${each.blurb[language()]}</p>
          <p class="price">${money(each.unit_amount, session?.currency ?? 'USD')}</p>
          <button
            class="main"
            type="button"
            aria-label="${t('add')}: ${name}"
            @click=${() => {
              void store.change(each.sku, 1)
              store.say(t('added', { name }))
            }}
          >
            ${t('add')}
          </button>
        </li>`
      })}
    </ul>
    <p class="foot">
      <span>${t('customer', { id: session?.customer.slice(0, 10) ?? '' })}…</span>
      <button class="link" type="button" @click=${() => void store.reset()}>${t('newCustomer')}</button>
    </p>
  `
}
