import type { Verification } from '../contract'
import type { Flow } from '../flow'
import { explain, type MessageKey } from '../messages/catalogue'
import { Problem } from '../problem'
import type { View } from '../view'
import { rulesOf } from './form'
import { bytes, kinds } from './measure'
import { Stopped, upload, type Upload } from './upload'

type Kept = NonNullable<Verification['documents']>[number]

/** Paper is one file on the desk: on its way, refused, or kept by the gateway. */
export interface Paper {
  name: string
  /** The file itself; not there for what was uploaded before a reload. */
  file?: File
  /** The key by which the gateway knows a second try. */
  intent: string
  share: number
  state: 'waiting' | 'sending' | 'kept' | 'failed'
  /** The gateway's id, when it is kept. */
  id?: string
  /** Why it failed, in words. */
  fault?: string
  /** Trying again makes sense. */
  again?: boolean
  upload?: Upload<Kept>
}

/** The gateway's reasons for not taking a file. */
const reasons: Record<string, MessageKey | undefined> = {
  kind: 'docType',
  heic: 'docHeic',
  unreadable: 'docBroken',
  locked: 'docLocked',
  pixels: 'docPixels',
  small: 'docSmall',
  pages: 'docPages',
}

const desks = new WeakMap<Flow, Desk>()

/** Desk is what one widget's shopper has put forward. */
export class Desk {
  papers: Paper[] = []
  /** Something is being dragged over it. */
  over = false
  /** What could not even be put there, in words. */
  leftOut = ''
  /** What happened last, for those who do not see it. */
  said = ''

  private constructor(private view: View) {}

  /** of gives a widget's desk as it is drawn now, with what the gateway has already. */
  static of(view: View): Desk {
    const desk = desks.get(view.flow) ?? new Desk(view)
    desks.set(view.flow, desk)
    desk.view = view
    desk.#match(waiting(view.state.verification))
    return desk
  }

  get kept(): Paper[] {
    return this.papers.filter((each) => each.state === 'kept')
  }

  /** busy says whether something is on its way. */
  get busy(): boolean {
    return this.papers.some((each) => each.state === 'waiting' || each.state === 'sending')
  }

  get full(): boolean {
    return this.papers.filter((each) => each.state !== 'failed').length >= rulesOf(this.view).max_files
  }

  /** add takes files, refuses those that the gateway would refuse, and sends the others one after the other. */
  add(files: Iterable<File>): void {
    const { t } = this.view
    const { max_files } = rulesOf(this.view)
    this.leftOut = ''
    for (const file of files) {
      if (this.full) {
        this.leftOut = t('docMany', { n: max_files })
        break
      }
      const fault = this.#faultOf(file)
      this.papers.push({ name: file.name, file, intent: crypto.randomUUID(), share: 0, state: fault ? 'failed' : 'waiting', ...(fault && { fault }) })
    }
    this.#changed()
    void this.#send()
  }

  retry(paper: Paper): void {
    Object.assign(paper, { state: 'waiting', share: 0, fault: undefined })
    this.#changed()
    void this.#send()
  }

  /** remove stops what is on its way, and takes back what is kept. */
  async remove(paper: Paper): Promise<void> {
    const { t } = this.view
    paper.upload?.stop()
    if (paper.id && !(await this.#take(paper.id))) return
    this.papers = this.papers.filter((each) => each !== paper)
    this.leftOut = ''
    this.said = t('docGoneSay', { name: paper.name })
    this.#changed()
  }

  /** take takes back what is kept, and says whether that worked. */
  async #take(id: string): Promise<boolean> {
    const { flow } = this.view
    try {
      const claim = flow.held()
      await flow.around.api.drop(claim, `documents/${id}`)
      flow.know(await flow.around.api.read(claim))
      return true
    } catch (error) {
      flow.tell(error instanceof Problem ? error : new Problem('internal', String(error)))
      return false
    }
  }

  #faultOf(file: File): string {
    const { t, locale } = this.view
    const { media_types, max_bytes } = rulesOf(this.view)
    if (!media_types.includes(file.type)) return t('docType', { types: kinds(media_types) })
    if (!file.size) return t('docEmpty')
    if (file.size > max_bytes) return t('docLarge', { size: bytes(file.size, locale), most: bytes(max_bytes, locale) })
    return ''
  }

  async #send(): Promise<void> {
    if (this.papers.some((each) => each.state === 'sending')) return
    const paper = this.papers.find((each) => each.state === 'waiting')
    if (!paper?.file) return
    paper.state = 'sending'
    try {
      const { flow } = this.view
      paper.upload = upload<Kept>(flow, flow.held(), paper.file, paper.intent, (share) => this.#went(paper, share))
      this.#keep(paper, await paper.upload.done)
    } catch (error) {
      this.#fail(paper, error)
    }
    delete paper.upload
    this.#changed()
    void this.#send()
  }

  #went(paper: Paper, share: number): void {
    paper.share = share
    this.#changed()
  }

  #keep(paper: Paper, kept: Kept): void {
    const { flow, state, t } = this.view
    Object.assign(paper, { state: 'kept', id: kept.id, share: 1 })
    // The same file again is the same document.
    this.papers = this.papers.filter((each) => each === paper || each.id !== kept.id)
    const { verification } = state
    if (verification) {
      const others = waiting(verification).filter((each) => each.id !== kept.id)
      flow.know({ ...verification, state: 'uploading', documents: [...others, kept] })
    }
    this.said = t('docKeptSay', { name: paper.name })
  }

  #fail(paper: Paper, error: unknown): void {
    if (error instanceof Stopped) return
    const problem = error instanceof Problem ? error : new Problem('internal', String(error))
    paper.state = 'failed'
    paper.fault = this.#reason(problem)
    paper.again = problem.unsettled
    // What was refused is settled: another try is another request.
    if (!problem.unsettled) paper.intent = crypto.randomUUID()
  }

  /** What the gateway says about a file has a reason, by which it is said in the shopper's language. */
  #reason(problem: Problem): string {
    const { t } = this.view
    const key = problem.code === 'document_refused' && reasons[problem.fields['#'] ?? '']
    const { media_types, max_pages } = rulesOf(this.view)
    return key ? t(key, { types: kinds(media_types), n: max_pages }) : explain(problem, t)
  }

  /** What the gateway has is on the desk, and what it has no more is not: after a reload, and after a refusal. */
  #match(kept: readonly Kept[]): void {
    const { t } = this.view
    this.papers = this.papers.filter(({ id }) => !id || kept.some((each) => each.id === id))
    kept.forEach((each, i) => {
      if (this.papers.some(({ id }) => id === each.id)) return
      this.papers.push({ name: t('docNumber', { n: i + 1 }), intent: '', share: 1, state: 'kept', id: each.id })
    })
  }

  #changed(): void {
    this.view.draw()
  }
}

/** waiting are the documents that the gateway has and that can be handed in. */
function waiting(verification: Verification | undefined): Kept[] {
  return verification?.documents?.filter((each) => each.state === 'uploaded') ?? []
}
