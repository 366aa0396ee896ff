import { html, nothing } from 'lit/html.js'
import { primary, quiet } from '../controls'
import type { OfferToken } from '../contract'
import text from '../looks/ticket.css?inline'
import { sheetOf } from '../styles'
import type { Step, View } from '../view'
import { success as words } from '../words/success'

const sheet = sheetOf(text)

/** Verified: the short code, what it gives and how long it lives. */
export const success: Step = {
  words,
  sheet,
  title: ({ t }) => t('successTitle'),
  body: (view) => {
    const { state, t } = view
    const won = state.token ? code(view, state.token) : state.offer ? nothing : html`<p class="hint">${t('successPlain')}</p>`
    return html`${won} ${renewal(view)}`
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
    ${picture(view, token)}
    <p class="hint">${t('codeExpires', { time: clock(end, view) })}</p>
    ${primary(view, t('copy'), (event) => void copy(event, token.code, view))}
  `
}

/** A proof that ends soon may be renewed: never by itself, as it asks the shopper again. */
function renewal({ flow, state, t, locale, now }: View) {
  const attestation = state.verification?.attestation
  if (!attestation || Date.parse(attestation.renewable_from) > now) return nothing
  const date = new Intl.DateTimeFormat(locale, { dateStyle: 'long' }).format(new Date(attestation.valid_until))
  return html`<p class="hint">${t('renewHint', { date })}</p>
    ${quiet(t('renewNow'), () => void flow.restart())}`
}

/** A code as a QR code: the number of modules in a row, and the path of the dark ones. */
type Drawing = { size: string; path: string }

/** The drawings of tokens; undefined while one is on its way, and when there is none. */
const drawings = new WeakMap<OfferToken, Drawing | undefined>()

/** The code for tills that scan. What is drawn is said: those who do not see it have the code above. */
function picture(view: View, token: OfferToken) {
  if (!drawings.has(token)) void draw(view, token)
  const drawing = drawings.get(token)
  if (!drawing) return nothing
  const { size, path } = drawing
  return html`<svg class="qr" role="img" aria-label=${view.t('codeQr')} viewBox=${`0 0 ${size} ${size}`}><path d=${path} /></svg>`
}

/** draw gets the code's picture. The code itself is there already: without a picture it is typed. */
async function draw({ flow, draw }: View, token: OfferToken): Promise<void> {
  drawings.set(token, undefined)
  try {
    const picture = await flow.around.api.send<string>('POST', '/v1/offer-tokens/qr', flow.held().secret, { code: token.code })
    const [, size, path] = /viewBox="0 0 (\d+) .* d="([\dMHVZmhvz -]+)"/.exec(picture) ?? []
    if (!size || !path) return
    drawings.set(token, { size, path })
    draw()
  } catch (error) {
    console.warn('Laurel: the QR code could not be drawn.', error)
  }
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
