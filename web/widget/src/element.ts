import { html, nothing, render, type TemplateResult } from 'lit/html.js'
import { Api } from './api'
import { benefitInWords } from './benefit'
import { quiet } from './controls'
import type { Emit, LaurelEvents } from './events'
import { Flow } from './flow'
import { Memory } from './memory'
import { en, explain, loadMessages, localised, pickLanguage, translator, type Texts } from './messages/catalogue'
import { drawn, load, type Part } from './steps/all'
import type { Screen, State } from './state'
import { styles } from './styles'
import type { Step, View } from './view'

/** The query parameter by which a sign-in elsewhere names the verification that it returns to. */
const returned = 'laurel_verification'

/**
 * LaurelVerify is `<laurel-verify publishable-key="pk_…" offer="off_…">`: a shopper proves to be in a group and gets the
 * offer's code. It fires the events of LaurelEvents and is themed by the properties listed in styles.css.
 *
 * Attributes: `publishable-key` of the store; `offer` to verify for, which fixes the group; `group`, when no offer is
 * named (the shopper chooses when both are left out); `customer`, the shop's own id of the shopper; `locale`, else the
 * page's language, else the browser's; `api`, the gateway's origin, else where this script came from; `mode`, `inline` or
 * `modal`; `return-url`, where a sign-in elsewhere comes back to, else this page.
 *
 * It draws with lit-html alone: Lit's element class would take more than a tenth of the size that a shopper may load.
 */
export class LaurelVerify extends HTMLElement {
  static readonly observedAttributes = [
    'publishable-key',
    'offer',
    'group',
    'customer',
    'locale',
    'api',
    'mode',
    'return-url',
  ] as const

  readonly #root = this.attachShadow({ mode: 'open' })
  #flow: Flow | undefined
  #language = 'en'
  #texts: Texts = en
  #refusal = ''
  #faults: Record<string, string> = {}
  #notice = ''
  #shown: Screen = 'loading'
  #loading = new Set<Part>()
  /** A step's own file could not be had. */
  #lacking = false
  #wrong = ''
  #touched = false
  /** The attributes name another flow than the one that runs. */
  #renamed = false
  #drawing: Promise<void> | undefined
  #tick: ReturnType<typeof setInterval> | undefined

  constructor() {
    super()
    this.#root.adoptedStyleSheets = [styles]
    this.addEventListener('click', () => (this.#touched = true))
  }

  /** updateComplete resolves when what changed is drawn. */
  get updateComplete(): Promise<void> {
    return this.#drawing ?? Promise.resolve()
  }

  /** open shows the card in modal mode. */
  open(): void {
    const dialog = this.#root.querySelector('dialog')
    if (dialog && !dialog.open) dialog.showModal()
  }

  /** close hides the card in modal mode; the flow stays where it is. */
  close(): void {
    this.#root.querySelector('dialog')?.close()
  }

  connectedCallback(): void {
    this.#tick = setInterval(() => this.#showsTime && this.#draw(), 1000)
    this.#renamed = true
    this.#draw()
  }

  disconnectedCallback(): void {
    clearInterval(this.#tick)
    this.#flow?.stop()
  }

  attributeChangedCallback(name: string, before: string | null, after: string | null): void {
    if (before === after || !this.isConnected) return
    if (name === 'locale') void this.#speak()
    else {
      this.#renamed ||= name !== 'mode'
      this.#draw()
    }
  }

  /** draw gathers the changes of a moment and draws once. */
  #draw(): void {
    this.#drawing ??= Promise.resolve().then(() => {
      this.#drawing = undefined
      if (!this.isConnected) return
      if (this.#renamed) this.#restart()
      this.#renamed = false
      const view = this.#view()
      render(view && this.#frame(view), this.#root)
      this.#focus(view)
    })
  }

  #frame(view: View): TemplateResult {
    if (this.#wish('mode') !== 'modal') return this.#card(view)
    return html`<button class="primary" part="open" type="button" @click=${() => this.open()}>
        <slot>${view.t('open')}</slot>
      </button>
      <dialog aria-labelledby="title">${this.#card(view, true)}</dialog>`
  }

  /** The focus goes where the shopper has to read or write next, but is never taken from a page that is just loading. */
  #focus(view: View | undefined): void {
    const screen = view ? this.#part(view.state) : 'loading'
    const wrong = view?.error ?? ''
    const target = screen !== this.#shown ? '#title' : wrong !== this.#wrong ? '[aria-invalid=true],[data-wrong]' : ''
    this.#shown = screen
    this.#wrong = wrong
    if (target && this.#touched) this.#root.querySelector<HTMLElement>(target)?.focus()
  }

  #card(view: View, closable = false): TemplateResult {
    const step = this.#step(view.state)
    if (step.sheet && !this.#root.adoptedStyleSheets.includes(step.sheet)) this.#root.adoptedStyleSheets.push(step.sheet)
    return html`<div class="card" part="card">
      ${this.#banner(view)}
      <section aria-labelledby="title" aria-busy=${view.state.busy ? 'true' : 'false'}>
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

  /** part is what is drawn: the screen, or that its file is on its way, or cannot be had. */
  #part({ screen }: State): Screen {
    if (drawn(screen)) return screen
    if (this.#lacking) return 'unavailable'
    void this.#fetch(screen as Part)
    return 'loading'
  }

  #step(state: State): Step {
    return drawn(this.#part(state)) as Step
  }

  async #fetch(part: Part): Promise<void> {
    if (this.#loading.has(part)) return
    this.#loading.add(part)
    try {
      await load(part)
    } catch (error) {
      this.#lacking = true
      this.#emit('laurel-error', { code: 'part', detail: String(error) })
    }
    this.#loading.delete(part)
    this.#draw()
  }

  #banner({ state, t, locale }: View): TemplateResult | typeof nothing {
    const test = state.storefront?.store.mode === 'test'
    if (!state.offer && !test) return nothing
    return html`<div class="banner" part="banner">
      ${state.offer ? html`<strong>${benefitInWords(state.offer.benefit, locale, t, state.offer.name)}</strong>` : html`<span></span>`}
      ${test ? html`<small>${t('test')}</small>` : nothing}
    </div>`
  }

  #error({ error, state, flow, t }: View): unknown {
    if (!error) return nothing
    const again = state.problem?.unsettled && this.#part(state) !== 'unavailable'
    return html`${error}${again
      ? quiet(t('again'), () => void flow.retry())
      : nothing}`
  }

  #view(): View | undefined {
    const flow = this.#flow
    if (!flow) return undefined
    const { state } = flow
    const t = translator({ ...this.#step(state).words, ...this.#texts })
    const problems = this.#lacking ? [{ code: 'part', detail: '' }] : state.problem ? [state.problem] : told(state)
    return {
      flow,
      state,
      t,
      locale: this.#language,
      now: Date.now(),
      error: this.#refusal || problems.map((each) => explain(each, t)).join(' '),
      wrong: this.#refusal ? this.#faults : wrongs(state),
      blames: !!this.#refusal || (!!state.problem && !state.problem.unsettled),
      text: (texts) => localised(texts, this.#language),
      refuse: (message, wrong = {}) => {
        this.#refusal = message
        this.#faults = wrong
        this.#draw()
      },
      say: (message) => {
        this.#notice = message
        this.#draw()
      },
      draw: () => this.#draw(),
      again: () => {
        if (!this.#lacking) return void flow.retry()
        this.#lacking = false
        this.#draw()
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
    const key = this.#wish('publishable-key')
    if (!key) return
    const offer = this.#wish('offer')
    const group = this.#wish('group')
    const customer = this.#wish('customer')
    const origin = this.#wish('api') || new URL(import.meta.url).origin
    const memory = new Memory(key, offer || group, customer)
    const back = this.#comesOver(memory) || this.#comesBack(memory)
    const flow = new Flow(
      {
        offer,
        group,
        customer,
        locale: () => this.#wantedLanguage(),
        returnUrl: this.#wish('return-url') || location.href.split('#')[0] || '',
      },
      {
        api: new Api(origin.replace(/\/+$/, ''), key),
        memory,
        emit: this.#emit,
        changed: this.#changed,
        leave: (url) => location.assign(url),
      },
    )
    this.#flow = flow
    void this.#speak().then(async () => {
      await flow.start()
      this.#dress(flow.state.storefront?.store.theme ?? {})
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

  /** comesOver says whether this page load goes on from another device, and takes the secret out of the address. */
  #comesOver(memory: Memory): boolean {
    if (!memory.follow(location.hash)) return false
    history.replaceState(history.state, '', location.href.split('#')[0])
    return true
  }

  async #speak(): Promise<void> {
    const language = this.#wantedLanguage()
    this.#texts = await loadMessages(language)
    this.#language = this.#texts === en ? 'en' : language
    this.lang = this.#language
    this.#draw()
  }

  #wantedLanguage(): string {
    return pickLanguage([this.#wish('locale'), document.documentElement.lang, ...navigator.languages].filter(Boolean))
  }

  /** wish is what the page set as an attribute. */
  #wish(name: (typeof LaurelVerify.observedAttributes)[number]): string {
    return this.getAttribute(name) ?? ''
  }

  #changed = (): void => {
    this.#refusal = ''
    this.#notice = ''
    this.#draw()
  }

  /** dress gives the card the store's look; what the page itself sets on the element wins. */
  #dress(theme: Record<string, string>): void {
    const sheet = new CSSStyleSheet()
    sheet.insertRule(':host{}')
    const { style } = sheet.cssRules[0] as CSSStyleRule
    for (const name in theme) style.setProperty(`--laurel-${name}`, theme[name] ?? '')
    this.#root.adoptedStyleSheets.push(sheet)
  }

  #emit: Emit = (type, detail) => {
    this.dispatchEvent(new CustomEvent<LaurelEvents[typeof type]>(type, { detail, bubbles: true, composed: true }))
  }
}

/** wrongs are the fields that the server refused. What it says about them stands in English: only where nothing else does. */
function wrongs({ problem }: State): Record<string, string> {
  const all = Object.entries(problem?.fields ?? {})
  return Object.fromEntries(all.map(([name, detail]) => [name, problem?.code === 'invalid' ? detail : '']))
}

/** told is what the server itself keeps saying about the verification, such as a sign-in that did not succeed. */
function told({ screen, verification }: State): { code: string; detail: string }[] {
  const says = screen === 'choose' || screen === 'sso' || screen === 'refused'
  return (says && verification?.errors) || []
}
