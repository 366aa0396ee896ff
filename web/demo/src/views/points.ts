import { html, nothing } from 'lit'
import type { Entry, Member } from '../backend'
import { moment, t } from '../language'
import type { Store } from '../store'

export function pointsView(store: Store) {
  const { member, entries, busy } = store.state
  if (!member) {
    return html`<h1 tabindex="-1">${t('points')}</h1>
      <p class="lead">${busy ? t('loading') : t('noPoints')}</p>
      ${myData(store)}`
  }
  return html`<h1 tabindex="-1">${t('points')}</h1>
    <div class="figures">
      <div class="sheet">
        <h2>${t('balance')}</h2>
        <p class="figure">${member.balance.available}</p>
        <p class="soft">${extras(member)}</p>
      </div>
      <div class="sheet">
        <h2>${t('tier')}</h2>
        <p class="figure">${member.tier?.name ?? '–'}</p>
        <p class="soft">
          ${member.next_tier ? t('nextTier', { n: member.next_tier.missing, tier: member.next_tier.name }) : t('topTier')}
        </p>
      </div>
    </div>
    ${entries.length ? table(entries) : nothing} ${myData(store)}`
}

function myData(store: Store) {
  return html`<p><button type="button" ?disabled=${store.state.busy} @click=${() => void store.myData()}>${t('myData')}</button></p>`
}

function extras({ balance }: Member): string {
  const parts = [balance.pending && t('pending', { n: balance.pending }), balance.debt && t('debt', { n: balance.debt })]
  return parts.filter(Boolean).join(' · ')
}

function table(entries: Entry[]) {
  return html`<section class="sheet">
    <h2 id="entries">${t('entries')}</h2>
    <table aria-labelledby="entries">
      <thead>
        <tr>
          <th scope="col">${t('when')}</th>
          <th scope="col">${t('what')}</th>
          <th scope="col" class="number">${t('amount')}</th>
        </tr>
      </thead>
      <tbody>
        ${entries.map(
          (each) => html`<tr>
            <td>${moment(each.recorded_at)}</td>
            <td>${each.kind.replaceAll('_', ' ')} <span class="soft">${each.from} → ${each.to}, ${each.source.id}</span></td>
            <td class="number">${sign(each)}${each.points}</td>
          </tr>`,
        )}
      </tbody>
    </table>
  </section>`
}

const ownAccounts = ['available', 'pending', 'debt']

/** Points that move between the member's own accounts neither come nor go. */
function sign({ from, to }: Entry): string {
  const comes = ownAccounts.includes(to)
  const goes = ownAccounts.includes(from)
  if (comes === goes) return ''
  return comes ? '+' : '−'
}
