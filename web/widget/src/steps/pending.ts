import { html } from 'lit/html.js'
import { primary, quiet } from '../controls'
import type { Flow } from '../flow'
import { resume } from '../memory'
import type { Step, View } from '../view'
import { watch } from '../watch'
import { pending as words } from '../words/pending'

/** Somebody or something is checking; the server is asked from time to time. */
export const pending: Step = {
  words,
  title: ({ t }) => t('pendingTitle'),
  body: (view) => {
    const { flow, t } = view
    watch(flow)
    return html`
      <p class="row"><i aria-hidden="true"></i></p>
      <p>${t('pendingNow')} ${t('pendingNext')}</p>
      <p>${t('pendingLater')}</p>
      ${primary(view, t('pendingLink'), (event) => void copy(event, view))}
      <input class="link" aria-label=${t('pendingCopy')} readonly hidden .value=${linkTo(flow)} />
      <p class="hint">${t('pendingShared')}</p>
      <details>
        <summary>${t('pendingStop')}</summary>
        <p class="hint">${t('pendingStopHint')}</p>
        ${quiet(t('pendingStopNow'), () => void flow.change((api, claim) => api.change(claim, 'cancel')))}
      </details>
    `
  },
}

/**
 * linkTo is the page's address by which another device goes on. What it carries stands behind the #, so that browsers
 * tell it to no server, and is taken out of the address at once.
 */
function linkTo(flow: Flow): string {
  const { id, secret } = flow.held()
  const url = new URL(flow.wishes.returnUrl)
  url.hash = `${resume}${[flow.around.memory.place, id, secret].map(encodeURIComponent).join('&')}`
  return url.href
}

/** Pages without clipboard permission (frames, plain http) get the link shown and selected instead. */
async function copy(event: Event, { flow, say, t }: View): Promise<void> {
  const field = (event.currentTarget as HTMLElement).parentElement?.querySelector<HTMLInputElement>('.link')
  try {
    await navigator.clipboard.writeText(linkTo(flow))
    say(t('pendingCopied'))
  } catch {
    if (!field) return
    field.hidden = false
    field.select()
    say(t('pendingSelected'))
  }
}
