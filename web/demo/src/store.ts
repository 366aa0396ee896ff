import { backend, Refused, type Basket, type Order } from './backend'
import { clearLog } from './calls'
import { money, speak, t } from './language'
import { keep, recall, type State, type View } from './state'
import type { Language } from './texts'

const views: readonly string[] = ['shop', 'cart', 'orders', 'points']

/** Store holds the state and does what the shopper asks; every change is drawn. */
export class Store {
  readonly state: State = {
    view: 'shop',
    products: [],
    ...recall(),
    evaluation: undefined,
    orders: [],
    member: null,
    entries: [],
    busy: false,
    notice: '',
    error: '',
    callsOpen: false,
  }
  /** One id per attempt to buy: pressing twice, or again after a lost answer, buys once. */
  #orderId = ''
  #pricing = 0

  constructor(private readonly draw: () => void) {}

  async open(): Promise<void> {
    await this.#work(async () => {
      const [session, { products }] = await Promise.all([backend.session(), backend.products()])
      Object.assign(this.state, { session, products })
    })
    // Back from a sign-in, or from another device: the verification goes on in the cart.
    if (new URLSearchParams(location.search).has('laurel_verification')) await this.#go('cart')
    else if (location.hash.startsWith('#laurel=')) await this.#resume(decodeURIComponent(location.hash))
    else await this.show()
  }

  /** show follows the address. */
  async show(): Promise<void> {
    const wanted = location.hash.slice(1)
    const view = (views.includes(wanted) ? wanted : 'shop') as View
    if (view !== this.state.view) this.#set({ view, notice: '', error: '' })
    if (view === 'cart') await this.price()
    if (view === 'orders') await this.#work(async () => this.#set(await backend.orders()))
    if (view === 'points') await this.#work(async () => this.#set(await backend.member()))
  }

  get count(): number {
    return [...this.state.cart.values()].reduce((sum, each) => sum + each, 0)
  }

  async change(sku: string, by: number): Promise<void> {
    const quantity = Math.min((this.state.cart.get(sku) ?? 0) + by, 99)
    if (quantity > 0) this.state.cart.set(sku, quantity)
    else this.state.cart.delete(sku)
    this.#set({})
    if (this.state.view === 'cart') await this.price()
  }

  /** myData leads to the page on which the shopper sees what the gateway keeps. */
  async myData(): Promise<void> {
    await this.#work(async () => location.assign((await backend.myData()).url))
  }

  say(notice: string): void {
    this.#set({ notice })
  }

  chooseOffer(offer: string): void {
    this.#set({ offer })
  }

  async use(token: string, name: string): Promise<void> {
    this.#set({ proof: { token, name } })
    await this.price()
  }

  async drop(): Promise<void> {
    this.#set({ proof: undefined, error: '' })
    await this.price()
  }

  /** price asks what the cart costs now; only the answer to the last question counts. */
  async price(): Promise<void> {
    const question = ++this.#pricing
    if (!this.state.cart.size) return this.#set({ evaluation: undefined })
    try {
      const { evaluation } = await backend.price(this.#basket)
      if (question !== this.#pricing) return
      const reason = evaluation.rejected[0]?.reason
      this.#set({ evaluation, error: reason ? t('rejected', { reason: reason.replaceAll('_', ' ') }) : '' })
    } catch (error) {
      if (question !== this.#pricing) return
      if (error instanceof Refused && this.state.proof) {
        // A spent or expired proof must not keep the shopper from buying.
        this.#set({ proof: undefined })
        await this.price()
      }
      this.#fail(error)
    }
  }

  async checkout(): Promise<void> {
    let placed = ''
    await this.#work(async () => {
      this.#orderId ||= `ns-${crypto.randomUUID().slice(0, 8)}`
      const { order } = await backend.checkout(this.#basket, this.#orderId)
      this.#orderId = ''
      placed = order.order_id
      this.#set({ cart: new Map(), proof: undefined, evaluation: undefined, offer: '' })
    })
    if (!placed) return
    await this.#go('orders')
    this.say(t('ordered', { id: placed }))
  }

  async refund(order: Order, lines: { line_id: string; quantity: number }[]): Promise<void> {
    await this.#work(async () => {
      const answer = await backend.refund(order.order_id, lines)
      const orders = this.state.orders.map((each) => (each.order_id === order.order_id ? answer.order : each))
      const last = answer.order.refunds.at(-1)
      const discount = money(last?.discount_reversed ?? 0, order.currency)
      this.#set({ orders, notice: t('refunded', { points: last?.points_reversed ?? 0, discount }) })
    })
  }

  async reset(): Promise<void> {
    await this.#work(async () => {
      clearLog()
      const session = await backend.reset()
      this.#orderId = ''
      this.#set({ session, cart: new Map(), proof: undefined, evaluation: undefined, offer: '', orders: [], member: null, entries: [] })
    })
    await this.#go('shop')
  }

  speak(language: Language): void {
    speak(language)
    this.draw()
  }

  toggleCalls(open: boolean): void {
    this.#set({ callsOpen: open })
  }

  /** go changes the address without the event that a link's press brings. */
  /** resume shows the offer that a link from another device is about. The widget takes the link out of the address. */
  #resume(link: string): Promise<void> {
    const offer = this.state.session?.offers.find((each) => link.includes(each.id))?.id ?? ''
    this.#set({ view: 'cart', offer })
    return this.price()
  }

  #go(view: View): Promise<void> {
    history.pushState(null, '', `#${view}`)
    return this.show()
  }

  get #basket(): Basket {
    const lines = [...this.state.cart].map(([sku, quantity]) => ({ sku, quantity }))
    return { lines, tokens: this.state.proof ? [this.state.proof.token] : [] }
  }

  async #work(work: () => Promise<void>): Promise<void> {
    if (this.state.busy) return
    this.#set({ busy: true, error: '', notice: '' })
    try {
      await work()
    } catch (error) {
      this.#fail(error)
    } finally {
      this.#set({ busy: false })
    }
  }

  #fail(error: unknown): void {
    const told = error instanceof Refused ? t('fail', { detail: `${error.detail} (${error.code})` }) : t('offline')
    this.#set({ error: told })
  }

  #set(change: Partial<State>): void {
    Object.assign(this.state, change)
    keep(this.state)
    this.draw()
  }
}
