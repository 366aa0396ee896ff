import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { Api } from './api'
import { benefitInWords } from './benefit'
import { quiet } from './controls'
import type { Emit, LaurelEvents } from './events'
import { Flow } from './flow'
import { Memory } from './memory'
import { en, explain, loadMessages, localised, pickLanguage, translator, type Messages } from './messages/catalogue'
import type { Screen } from './state'
import { steps } from './steps/all'
import { styles } from './styles'
import type { View } from './view'

/** The query parameter by which a sign-in elsewhere names the verification that it returns to. */
const returned = 'laurel_verification'

/**
 * LaurelVerify is `<laurel-verify publishable-key="pk_…" offer="off_…">`: a shopper proves to be in a group and gets the
 * offer's code. It fires the events of LaurelEvents and is themed by the properties listed in styles.ts.
 */
export class LaurelVerify extends LitElement {
  static override styles = styles
  static override properties = {
    publishableKey: { attribute: 'publishable-key' },
    offer: {},
    group: {},
    customer: {},
    locale: {},
    api: {},
    mode: {},
    returnUrl: { attribute: 'return-url' },
  }

  /** The store's publishable key. */
  declare publishableKey: string
  /** The offer to verify for; fixes the group. */
  declare offer: string
  /** The group to verify, when no offer is named; the shopper chooses when both are empty. */
  declare group: string
  /** The shop's own id of the shopper, when there is one. */
  declare customer: string
  /** The language; the page's, then the browser's, when empty. */
  declare locale: string
  /** The gateway's origin; where this script came from, when empty. */
  declare api: string
  /** `inline` draws the card in place, `modal` a button that opens it. */
  declare mode: 'inline' | 'modal'
  /** Where a sign-in elsewhere comes back to; this page when empty. */
  declare returnUrl: string

  #flow: Flow | undefined
  #language = 'en'
  #messages: Messages = en
  #refusal = ''
  #notice = ''
  #shown: Screen = 'loading'
  #wrong = ''
  #touched = false
  #tick: ReturnType<typeof setInterval> | undefined

  constructor() {
    super()
    this.publishableKey = this.offer = this.group = this.customer = this.locale = this.api = this.returnUrl = ''
    this.mode = 'inline'
    this.addEventListener('click', () => (this.#touched = true))
  }

  /** open shows the card in modal mode. */
  open(): void {
    const dialog = this.renderRoot.querySelector('dialog')
    if (dialog && !dialog.open) dialog.showModal()
  }

  /** close hides the card in modal mode; the flow stays where it is. */
  close(): void {
    this.renderRoot.querySelector('dialog')?.close()
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.#tick = setInterval(() => this.#showsTime && this.requestUpdate(), 1000)
    if (this.hasUpdated) this.#restart()
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    clearInterval(this.#tick)
    this.#flow?.stop()
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    // Every attribute but these two names another flow.
    if ([...changed.keys()].some((name) => name !== 'locale' && name !== 'mode')) this.#restart()
    else if (changed.has('locale')) void this.#speak()
  }

  protected override render(): TemplateResult {
    const view = this.#view()
    if (!view) return html``
    if (this.mode !== 'modal') return this.#card(view)
    return html`<button class="primary" part="open" type="button" @click=${() => this.open()}>
        <slot>${view.t('open')}</slot>
      </button>
      <dialog aria-labelledby="title">${this.#card(view, true)}</dialog>`
  }

  /** The focus goes where the shopper has to read or write next, but is never taken from a page that is just loading. */
  protected override updated(): void {
    const view = this.#view()
    const screen = view?.state.screen ?? 'loading'
    const wrong = view?.error ?? ''
    const target = screen !== this.#shown ? '#title' : wrong !== this.#wrong ? '[aria-invalid=true]' : ''
    this.#shown = screen
    this.#wrong = wrong
    if (target && this.#touched) this.renderRoot.querySelector<HTMLElement>(target)?.focus()
  }

  #card(view: View, closable = false): TemplateResult {
    const { screen, busy } = view.state
    const step = steps[screen]
    return html`<div class="card" part="card">
      ${this.#banner(view)}
      <section aria-labelledby="title" aria-busy=${busy ? 'true' : 'false'}>
        <h2 id="title" part="title" tabindex="-1">${step.title(view)}</h2>
        <div id="error" class="error" role="alert">${this.#error(view)}</div>
        ${step.body(view)}
        <p class="notice" role="status">${this.#notice}</p>
        ${closable
          ? quiet(view.t('close'), () => this.close())
          : nothing}
      </section>
    </div>`
  }

  #banner({ state, t, locale }: View): TemplateResult | typeof nothing {
    const test = state.storefront?.store.mode === 'test'
    if (!state.offer && !test) return nothing
    return html`<div class="banner" part="banner">
      ${state.offer ? html`<strong>${benefitInWords(state.offer.benefit, locale, t)}</strong>` : html`<span></span>`}
      ${test ? html`<small>${t('test')}</small>` : nothing}
    </div>`
  }

  #error({ error, state, flow, t }: View): unknown {
    if (!error) return nothing
    const again = state.problem?.unsettled && state.screen !== 'unavailable'
    return html`${error}${again
      ? quiet(t('again'), () => void flow.retry())
      : nothing}`
  }

  #view(): View | undefined {
    const flow = this.#flow
    if (!flow) return undefined
    const problem = flow.state.problem ?? told(flow)
    return {
      flow,
      state: flow.state,
      t: translator(this.#messages),
      locale: this.#language,
      now: Date.now(),
      error: this.#refusal || (problem ? explain(problem, this.#messages) : ''),
      text: (texts) => localised(texts, this.#language),
      refuse: (message) => {
        this.#refusal = message
        this.requestUpdate()
      },
      say: (message) => {
        this.#notice = message
        this.requestUpdate()
      },
    }
  }

  get #showsTime(): boolean {
    const screen = this.#flow?.state.screen
    return screen === 'email_code' || screen === 'success'
  }

  #restart(): void {
    this.#flow?.stop()
    this.#flow = undefined
    if (!this.publishableKey) return
    const origin = this.api || new URL(import.meta.url).origin
    const memory = new Memory(this.publishableKey, this.offer || this.group, this.customer)
    const back = this.#comesBack(memory)
    const flow = new Flow(
      {
        offer: this.offer,
        group: this.group,
        customer: this.customer,
        locale: this.#wantedLanguage(),
        returnUrl: this.returnUrl || location.href.split('#')[0] || '',
      },
      {
        api: new Api(origin.replace(/\/+$/, ''), this.publishableKey),
        memory,
        emit: this.#emit,
        changed: this.#changed,
        leave: (url) => location.assign(url),
      },
    )
    this.#flow = flow
    void this.#speak().then(async () => {
      await flow.start()
      if (back && flow === this.#flow) this.open()
    })
  }

  /** comesBack says whether this page load returns from the sign-in of this widget's verification, and tidies the address. */
  #comesBack(memory: Memory): boolean {
    const url = new URL(location.href)
    const id = url.searchParams.get(returned)
    if (!id || memory.recall()?.id !== id) return false
    url.searchParams.delete(returned)
    history.replaceState(history.state, '', url)
    return true
  }

  async #speak(): Promise<void> {
    const language = this.#wantedLanguage()
    this.#messages = await loadMessages(language)
    this.#language = this.#messages === en ? 'en' : language
    this.lang = this.#language
    this.requestUpdate()
  }

  #wantedLanguage(): string {
    return pickLanguage([this.locale, document.documentElement.lang, ...navigator.languages].filter(Boolean))
  }

  #changed = (): void => {
    this.#refusal = ''
    this.#notice = ''
    this.requestUpdate()
  }

  #emit: Emit = (type, detail) => {
    this.dispatchEvent(new CustomEvent<LaurelEvents[typeof type]>(type, { detail, bubbles: true, composed: true }))
  }
}

/** told is what the server itself keeps saying about the verification, such as a sign-in that did not succeed. */
function told({ state }: Flow): { code: string; detail: string } | undefined {
  const says = state.screen === 'choose' || state.screen === 'sso' || state.screen === 'refused'
  return says ? state.verification?.errors.at(-1) : undefined
}
