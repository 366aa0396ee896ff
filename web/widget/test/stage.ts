import { afterEach, beforeEach, vi } from 'vitest'
import '../src/index'
import type { LaurelVerify } from '../src/index'
import type { LaurelEvents } from '../src/events'
import { FakeGateway } from './fake-gateway'

/** What a test has at hand: the gateway's double, the element on the page, and what it told the page. */
export interface Stage {
  gateway: FakeGateway
  events: { type: string; detail: unknown }[]
  /** put draws the element with these attributes and waits for its first step. */
  put(attributes?: Record<string, string>): Promise<Shown>
}

/** Shown drives one element as a shopper does. */
export class Shown {
  constructor(readonly element: LaurelVerify) {}

  get root(): ShadowRoot {
    return this.element.shadowRoot as ShadowRoot
  }

  get title(): string {
    return this.root.querySelector('h2')?.textContent?.trim() ?? ''
  }

  get error(): string {
    return this.root.querySelector('[role=alert]')?.textContent?.trim() ?? ''
  }

  get text(): string {
    return this.root.textContent?.replace(/\s+/g, ' ') ?? ''
  }

  find<E extends HTMLElement = HTMLElement>(selector: string): E {
    const found = this.root.querySelector<E>(selector)
    if (!found) throw new Error(`nothing matches ${selector} in: ${this.text}`)
    return found
  }

  button(label: string): HTMLButtonElement {
    const all = [...this.root.querySelectorAll('button')]
    const found = all.find((each) => each.textContent?.includes(label))
    if (!found) throw new Error(`no button "${label}" in: ${this.text}`)
    return found
  }

  async press(label: string): Promise<void> {
    this.button(label).click()
    await this.settled()
  }

  async type(value: string): Promise<void> {
    const field = this.find<HTMLInputElement>('input')
    field.value = value
    field.dispatchEvent(new Event('input', { bubbles: true }))
    await this.settled()
  }

  /** fill writes into fields by their names, and submits. */
  async fill(values: Record<string, string>): Promise<void> {
    for (const [name, value] of Object.entries(values)) this.find<HTMLInputElement>(`[name=${name}]`).value = value
    await this.submit()
  }

  async submit(): Promise<void> {
    this.find('form').dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }))
    await this.settled()
  }

  /** settled waits until nothing is under way and the last state is drawn. */
  async settled(): Promise<void> {
    await vi.waitFor(async () => {
      await this.element.updateComplete
      const section = this.root.querySelector('section')
      if (!section || section.getAttribute('aria-busy') === 'true') throw new Error('still busy')
      if (this.title === 'One moment …') throw new Error('still loading')
    })
  }
}

const types: (keyof LaurelEvents)[] = ['laurel-step', 'laurel-verified', 'laurel-token', 'laurel-error']

/** setStage gives each test a fresh page, gateway and memory. */
export function setStage(): Stage {
  const stage = {} as Stage
  beforeEach(() => {
    sessionStorage.clear()
    localStorage.clear()
    document.body.replaceChildren()
    document.documentElement.lang = 'en'
    stage.gateway = new FakeGateway()
    stage.events = []
    vi.stubGlobal('fetch', stage.gateway.fetch)
  })
  afterEach(() => {
    document.body.replaceChildren()
    vi.unstubAllGlobals()
    vi.restoreAllMocks()
  })
  stage.put = async (attributes = { offer: 'off_s' }) => {
    const element = document.createElement('laurel-verify')
    for (const type of types) {
      element.addEventListener(type, (event) => stage.events.push({ type, detail: (event as CustomEvent).detail }))
    }
    const all = { 'publishable-key': 'pk_test_1', api: 'https://gateway.example', ...attributes }
    for (const [name, value] of Object.entries(all)) element.setAttribute(name, value)
    document.body.append(element)
    const shown = new Shown(element)
    await shown.settled()
    return shown
  }
  return stage
}
