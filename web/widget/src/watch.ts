import type { Flow } from './flow'

const first = 2_000
const slowest = 30_000

const watches = new WeakMap<Flow, Watch>()

/** watch asks whether a flow's verification is decided, until it is. */
export function watch(flow: Flow): void {
  const there = watches.get(flow) ?? new Watch(() => flow.decided())
  watches.set(flow, there)
  there.start()
}

/**
 * Watch asks again and again, with growing pauses, until `ask` says that there is nothing more to ask. While the page is
 * hidden it rests; shown again it asks at once.
 */
class Watch {
  #timer: ReturnType<typeof setTimeout> | undefined
  #pause = first
  #on = false
  #asking = false

  constructor(private readonly ask: () => Promise<boolean>) {}

  start(): void {
    if (this.#on) return
    this.#on = true
    this.#pause = first
    document.addEventListener('visibilitychange', this.#look)
    this.#plan()
  }

  #plan(): void {
    clearTimeout(this.#timer)
    if (!document.hidden) this.#timer = setTimeout(this.#turn, this.#pause)
  }

  #look = (): void => {
    clearTimeout(this.#timer)
    this.#pause = first
    if (!document.hidden) void this.#turn()
  }

  #turn = async (): Promise<void> => {
    if (this.#asking) return
    this.#asking = true
    const settled = await this.ask()
    this.#asking = false
    if (settled) {
      this.#on = false
      return document.removeEventListener('visibilitychange', this.#look)
    }
    this.#pause = Math.min(this.#pause * 2, slowest)
    this.#plan()
  }
}
