import { html, nothing, render } from 'lit'
import { type Client, Ended, type Erasure, type MyData, type Verification } from './api'
import { fill, type Key, languages, words } from './texts'

type Phase = 'loading' | 'ready' | 'erasing' | 'erased' | 'gone'

/** Page shows one visit. */
export class Page {
  private phase: Phase = 'loading'
  private data?: MyData
  private erasure?: Erasure
  private texts = new Map<string, string>()
  private notice = ''
  private problem = ''
  private busy = false

  constructor(
    private readonly root: HTMLElement,
    private readonly client: Client | undefined,
    private readonly language: string,
    private readonly pause = 1000,
    private readonly done: () => void = () => {},
  ) {}

  async open(): Promise<void> {
    if (!this.client) return this.turn('gone')
    this.draw()
    await this.attempt(async (client) => {
      this.data = await client.read()
      this.turn('ready')
    })
  }

  private t(key: Key, values: Record<string, string | number> = {}): string {
    return fill(languages[this.language]![key], { store: this.data?.store.name ?? '', ...values })
  }

  private date(at: string): string {
    return new Intl.DateTimeFormat(this.language, { dateStyle: 'long' }).format(new Date(at))
  }

  private turn(phase: Phase): void {
    this.phase = phase
    this.draw()
    this.root.querySelector<HTMLElement>('h1')?.focus()
  }

  private async attempt(work: (client: Client) => Promise<void>): Promise<void> {
    if (!this.client || this.busy) return
    this.busy = true
    this.notice = this.problem = ''
    this.draw()
    try {
      await work(this.client)
    } catch (failure) {
      if (failure instanceof Ended) {
        this.done()
        this.phase = 'gone'
      } else this.problem = this.t('failed')
    }
    this.busy = false
    this.draw()
  }

  private draw(): void {
    document.documentElement.lang = this.language
    document.title = this.t('page')
    render(
      html`<main aria-busy=${this.busy ? 'true' : 'false'}>
        ${this.body()}
        <p class="notice" role="status">${this.notice}</p>
        <p class="problem" role="alert">${this.problem}</p>
        ${this.phase === 'loading' && this.problem ? html`<button type="button" @click=${() => void this.open()}>↻ ${this.t('page')}</button>` : nothing}
      </main>`,
      this.root,
    )
  }

  private body() {
    switch (this.phase) {
      case 'gone':
        return html`<h1 tabindex="-1">${this.t('gone')}</h1><p>${this.t('goneHelp')}</p>`
      case 'erasing':
        return html`<h1 tabindex="-1">${this.t('page')}</h1><p role="status">${this.t('erasing')}</p>`
      case 'erased':
        return this.erased()
      case 'ready':
        return this.data ? this.ready(this.data) : nothing
      default:
        return html`<h1 tabindex="-1">${this.t('page')}</h1><p>${this.t('loading')}</p>`
    }
  }

  private ready(data: MyData) {
    return html`
      <h1 tabindex="-1">${this.t('title')}</h1>
      <p class="soft">${this.t(data.guest ? 'introGuest' : 'intro')}</p>
      <section aria-labelledby="proved">
        <h2 id="proved">${this.t('proved')}</h2>
        ${data.attestations.length
          ? html`<ul>
              ${data.attestations.map(
                (a) => html`<li class="row">
                  <strong>${[a.group, a.subgroup].filter(Boolean).join(' · ')}</strong>
                  <span class="soft">${a.ended_at ? this.t('endedAt', { date: this.date(a.ended_at) }) : this.t('validUntil', { date: this.date(a.valid_until) })}</span>
                </li>`,
              )}
            </ul>`
          : html`<p>${this.t('provedNone')}</p>`}
      </section>
      <section aria-labelledby="attempts">
        <h2 id="attempts">${this.t('attempts')}</h2>
        ${data.verifications.length ? html`<ul>${data.verifications.map((v) => this.attemptOf(v, data.guest))}</ul>` : html`<p>${this.t('attemptsNone')}</p>`}
      </section>
      <section aria-labelledby="kept">
        <h2 id="kept">${this.t('kept')}</h2>
        <p class="soft">${this.t('keptHelp')}</p>
        ${data.kept.length
          ? html`<ul>
              ${data.kept.map(
                (k) => html`<li class="row">
                  <span>${words(this.language, k.kind)}: <strong>${k.count}</strong></span>
                  ${k.since ? html`<span class="soft">${this.t('since', { date: this.date(k.since) })}</span>` : nothing}
                </li>`,
              )}
            </ul>`
          : html`<p>${this.t('keptNone')}</p>`}
        ${data.store.privacy_url ? html`<p><a href=${data.store.privacy_url} rel="noreferrer">${this.t('privacy')}</a></p>` : nothing}
      </section>
      ${data.guest ? nothing : this.marketing(data)}
      <section aria-labelledby="take">
        <h2 id="take">${this.t('take')}</h2>
        <p class="soft">${this.t('takeHelp')}</p>
        <button class="main" type="button" ?disabled=${this.busy} @click=${() => void this.takeAlong()}>${this.t('export')}</button>
      </section>
      <section aria-labelledby="erase">
        <h2 id="erase">${this.t('erase')}</h2>
        <p class="soft">${this.t('eraseHelp')}</p>
        <button class="danger" type="button" ?disabled=${this.busy} @click=${() => this.dialog()?.showModal()}>${this.t('eraseButton')}</button>
        <dialog aria-labelledby="sure" aria-describedby="warn">
          <h2 id="sure">${this.t('eraseAsk')}</h2>
          <p id="warn">${this.t('eraseWarn')}</p>
          <div class="row">
            <button type="button" autofocus @click=${() => this.dialog()?.close()}>${this.t('cancel')}</button>
            <button class="danger main" type="button" @click=${() => void this.erase()}>${this.t('eraseYes')}</button>
          </div>
        </dialog>
      </section>
    `
  }

  private dialog(): HTMLDialogElement | null {
    return this.root.querySelector('dialog')
  }

  private attemptOf(v: Verification, guest: boolean) {
    const text = this.texts.get(v.id)
    return html`<li>
      <div class="row">
        <strong>${v.group}: ${v.state}</strong>
        <span class="soft">${this.t('begun', { date: this.date(v.created_at) })}</span>
      </div>
      ${v.reasons.length ? html`<p class="soft">${v.reasons.join(', ')}</p>` : nothing}
      ${v.appeal
        ? html`<p>${this.t(v.appeal.outcome ? 'objectedDone' : 'objected', { date: this.date(v.appeal.at), outcome: v.appeal.outcome })}</p>`
        : v.may_object && !guest
          ? html`<p>
              <button type="button" ?disabled=${this.busy} @click=${() => void this.object(v)}>${this.t('object')}</button>
              <span class="soft">${this.t('objectHelp')}</span>
            </p>`
          : nothing}
      <details @toggle=${() => void this.readText(v)}>
        <summary>${this.t('agreed', { version: v.consent.version })} ${this.t('readText')}</summary>
        <blockquote>${text ?? this.t('loading')}</blockquote>
      </details>
    </li>`
  }

  private marketing(data: MyData) {
    const asked = data.store.marketing_text[this.language] ?? Object.values(data.store.marketing_text)[0]
    const granted = data.marketing?.granted ?? false
    return html`<section aria-labelledby="marketing">
      <h2 id="marketing">${this.t('marketing')}</h2>
      <div class="row">
        <span id="marketing-label">${asked ?? this.t('marketingLabel')}</span>
        <button type="button" role="switch" aria-checked=${granted ? 'true' : 'false'} aria-labelledby="marketing-label" ?disabled=${this.busy} @click=${() => void this.agree(!granted)}>
          ${this.t(granted ? 'on' : 'off')}
        </button>
      </div>
      <p class="soft">${this.t('marketingNone')}</p>
    </section>`
  }

  private erased() {
    const removed = Object.entries(this.erasure?.removed ?? {})
    return html`<h1 tabindex="-1">${this.t('erased')}</h1>
      <p>${this.t('erasedHelp')}</p>
      <p><button class="main" type="button" @click=${() => this.save('erasure-receipt.jwt', this.erasure?.receipt ?? '', 'application/jwt')}>${this.t('receipt')}</button></p>
      ${removed.length
        ? html`<section aria-labelledby="removed">
            <h2 id="removed">${this.t('removed')}</h2>
            <ul>
              ${removed.map(([kind, count]) => html`<li class="row"><span>${words(this.language, kind)}</span><strong>${count}</strong></li>`)}
            </ul>
          </section>`
        : nothing}`
  }

  private async readText(v: Verification): Promise<void> {
    if (this.texts.has(v.id)) return
    await this.attempt(async (client) => {
      this.texts.set(v.id, await client.text(v.consent.version, v.consent.at, v.consent.locale || this.language))
    })
  }

  private agree(granted: boolean): Promise<void> {
    return this.attempt(async (client) => {
      await client.marketing(granted, this.data?.store.consent_version ?? '', this.language)
      this.data = await client.read()
      this.notice = this.t('saved')
    })
  }

  private object(v: Verification): Promise<void> {
    return this.attempt(async (client) => {
      await client.object(v.id)
      this.data = await client.read()
    })
  }

  private takeAlong(): Promise<void> {
    return this.attempt(async (client) => {
      const records = await client.exported((count) => {
        this.notice = this.t('exporting', { count })
        this.draw()
      })
      this.save('my-data.json', JSON.stringify({ customer: client.visit.customer, store: this.data?.store.name, records }, null, 2), 'application/json')
      this.notice = this.t('exported', { count: records.length })
    })
  }

  private async erase(): Promise<void> {
    this.dialog()?.close()
    await this.attempt(async (client) => {
      const token = await client.erase()
      this.done()
      this.turn('erasing')
      for (;;) {
        this.erasure = await client.erasure(token)
        if (this.erasure.state === 'done') return this.turn('erased')
        await new Promise((resolve) => setTimeout(resolve, this.pause))
      }
    })
  }

  /** save hands the shopper a file. */
  private save(name: string, content: string, type: string): void {
    const link = document.createElement('a')
    link.href = URL.createObjectURL(new Blob([content], { type }))
    link.download = name
    link.click()
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
  }
}
