import { html, nothing } from 'lit/html.js'
import { primary } from '../controls'
import type { OfferToken } from '../contract'
import type { Step, View } from '../view'

/** Verified: the short code, what it gives and how long it lives. */
export const success: Step = {
  title: ({ t }) => t('successTitle'),
  body: (view) => {
    const { state, t } = view
    if (state.token) return code(view, state.token)
    return state.offer ? html`${nothing}` : html`<p class="hint">${t('successPlain')}</p>`
  },
}

function code(view: View, token: OfferToken) {
  const { flow, t } = view
  const end = new Date(token.expires_at)
  if (end.getTime() <= view.now) {
    return html`<p class="hint">${t('codeOver')}</p>
      ${primary(view, t('codeNew'), () => void flow.issue())}`
  }
  return html`
    <p class="hint">${t('successHint')}</p>
    <output class="ticket">${token.code}</output>
    ${picture(view)}
    <p class="hint">${t('codeExpires', { time: clock(end, view) })}</p>
    ${primary(view, t('copy'), (event) => void copy(event, token.code, view))}
  `
}

/** The code for tills that scan. What is drawn is said: those who do not see it have the code above. */
function picture({ state: { drawing }, t }: View) {
  return drawing
    ? html`<svg class="qr" role="img" aria-label=${t('codeQr')} viewBox=${`0 0 ${drawing.size} ${drawing.size}`}><path d=${drawing.path} /></svg>`
    : nothing
}

function clock(end: Date, { locale, now }: View): string {
  const today = end.toDateString() === new Date(now).toDateString()
  const format: Intl.DateTimeFormatOptions = today ? { timeStyle: 'short' } : { dateStyle: 'medium', timeStyle: 'short' }
  return new Intl.DateTimeFormat(locale, format).format(end)
}

/** Pages without clipboard permission (frames, plain http) get the code selected instead. */
async function copy(event: Event, text: string, { say, t }: View): Promise<void> {
  const ticket = (event.currentTarget as HTMLElement).parentElement?.querySelector('output')
  try {
    await navigator.clipboard.writeText(text)
    say(t('copied'))
  } catch {
    if (ticket) getSelection()?.selectAllChildren(ticket)
    say(t('copySelected'))
  }
}
