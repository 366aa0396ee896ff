import { html, nothing, render } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import { inboxTexts as texts } from './inbox-texts'
import { language, moment } from './language'

interface Mail {
  to: string
  subject: string
  text: string
  code?: string | null
  sent_at: string
}

const pause = 3_000
const app = document.getElementById('app')
if (!app) throw new Error('the page has no #app element')

let mails: Mail[] = []
let wanted = new URLSearchParams(location.search).get('to') ?? ''
let copied = ''
let failed = false

function draw(): void {
  const t = texts[language()]
  document.title = `${t.title} · Northside Supply`
  render(
    html`<main>
      <div class="row">
        <h1>${t.title}</h1>
        <a class="second" href="/demo/">${t.back}</a>
      </div>
      <p class="soft">${t.hint}</p>
      <label for="to">${t.filter}</label>
      <input id="to" type="search" autocomplete="off" spellcheck="false" .value=${wanted} @input=${filter} />
      <p class="problem" role="alert">${failed ? t.failed : nothing}</p>
      <p class="notice" role="status">${copied ? t.copied.replace('{code}', copied) : nothing}</p>
      ${mails.length ? nothing : html`<p class="sheet soft">${t.empty}</p>`}
      <ol>
        ${repeat(mails, (mail) => mail.sent_at + mail.to, card)}
      </ol>
    </main>`,
    app as HTMLElement,
  )
}

function card(mail: Mail) {
  const t = texts[language()]
  return html`<li class="sheet">
    <div class="row">
      <h2>${mail.subject}</h2>
      <time class="soft small" datetime=${mail.sent_at}>${moment(mail.sent_at)}</time>
    </div>
    <p class="soft">${t.to} ${mail.to}</p>
    ${mail.code
      ? html`<p class="row code">
          <strong>${mail.code}</strong>
          <button class="main" type="button" @click=${() => void copy(mail.code ?? '')}>${t.copy}</button>
        </p>`
      : nothing}
    <p class="text">${mail.text}</p>
  </li>`
}

function filter(event: Event): void {
  wanted = (event.target as HTMLInputElement).value.trim()
  void refresh()
}

async function copy(code: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(code)
    copied = code
  } catch {
    // Without permission the code is on the screen to be read.
    copied = ''
  }
  draw()
}

async function refresh(): Promise<void> {
  const asked = wanted
  try {
    const response = await fetch(`/demo/inbox.json${asked ? `?to=${encodeURIComponent(asked)}` : ''}`)
    if (!response.ok) throw new Error(response.statusText)
    const answer = (await response.json()) as Mail[]
    if (asked === wanted) mails = answer
    failed = false
  } catch {
    failed = true
  }
  draw()
}

async function follow(): Promise<void> {
  if (!document.hidden) await refresh()
  setTimeout(() => void follow(), pause)
}

document.addEventListener('visibilitychange', () => void (document.hidden || refresh()))
void follow()
