import type { Institutions } from './contract'
import type { Flow } from './flow'
import { providersOf } from './paths'
import { Problem } from './problem'
import type { View } from './view'

type Place = Institutions['data'][number]

/** So long after the last key the search begins. */
const pause = 200

/** So many places are shown; more are found by typing more. */
const most = 20

const searches = new WeakMap<Flow, Search>()

/** Search is what one widget's search for a place to sign in knows. */
export class Search {
  text = ''
  places: Place[] = []
  /** There are places beyond those. */
  more = false
  chosen: Place | undefined
  /** The place that the arrow keys are at; -1 when at none. */
  active = -1
  busy = false
  /** The places answer what was typed. */
  asked = false
  #wanted = false
  #timer: ReturnType<typeof setTimeout> | undefined
  #turn = 0

  private constructor(private view: View) {}

  /** of gives a widget's search, as it is drawn now. */
  static of(view: View): Search {
    const search = searches.get(view.flow) ?? new Search(view)
    searches.set(view.flow, search)
    search.view = view
    return search
  }

  /** open says whether the list stands open. */
  get open(): boolean {
    return this.#wanted && this.places.length > 0
  }

  type(text: string): void {
    this.text = text
    this.chosen = undefined
    this.active = -1
    this.#wanted = true
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.#ask(), pause)
    // What was wrong is being put right. It draws as well.
    this.view.refuse('')
  }

  show(): void {
    if (this.#wanted || this.chosen) return
    this.#wanted = true
    if (this.asked) this.view.draw()
    else void this.#ask()
  }

  close(): void {
    if (!this.#wanted) return
    this.#wanted = false
    this.active = -1
    this.view.draw()
  }

  choose(i: number): void {
    const place = this.places[i]
    if (!place) return
    this.text = place.name
    this.chosen = place
    this.close()
    this.view.draw()
  }

  press(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step) {
      event.preventDefault()
      this.#move(step, event.currentTarget as HTMLElement)
    } else if (event.key === 'Enter' && this.open && this.active >= 0) {
      event.preventDefault()
      this.choose(this.active)
    } else if (event.key === 'Escape' && this.open) {
      // In a dialog it would close that as well.
      event.preventDefault()
      this.close()
    }
  }

  /** The arrow keys go round; before the first and after the last stands the field itself. */
  #move(step: number, field: HTMLElement): void {
    if (!this.open) return this.show()
    const stops = this.places.length + 1
    this.active = ((this.active + 1 + step + stops) % stops) - 1
    this.view.draw()
    field.nextElementSibling?.children[this.active]?.scrollIntoView({ block: 'nearest' })
  }

  async #ask(): Promise<void> {
    const turn = ++this.#turn
    const { flow, state } = this.view
    const verification = state.verification
    if (!verification) return
    this.busy = true
    this.view.draw()
    try {
      const page = await flow.around.api.institutions({
        group: verification.group,
        ...(verification.subgroup && { subgroup: verification.subgroup }),
        ...(this.text && { q: this.text }),
        limit: String(most),
      })
      if (turn !== this.#turn) return
      const open = providersOf(verification)
      this.places = page.data.filter((each) => open.includes(each.id))
      this.more = page.next_cursor !== null
      this.asked = true
    } catch (error) {
      if (turn !== this.#turn) return
      flow.tell(error instanceof Problem ? error : new Problem('internal', String(error)))
    }
    this.busy = false
    this.view.draw()
  }
}
