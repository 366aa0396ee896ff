import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Verification } from '../src/contract'
import { forms, problem } from './fake-gateway'
import { setStage, type Shown } from './stage'

type Kept = NonNullable<Verification['documents']>[number]

const stage = setStage()

/** Sending is one upload as the browser sends it; the test says how it goes. */
class Sending {
  static all: Sending[] = []
  readonly headers: Record<string, string> = {}
  readonly upload: { onprogress?: (event: { loaded: number; total: number }) => void } = {}
  onload?: () => void
  onerror?: () => void
  onabort?: () => void
  status = 0
  statusText = ''
  responseText = ''
  url = ''
  body: unknown

  open(_: string, url: string) {
    this.url = url
  }
  setRequestHeader(name: string, value: string) {
    this.headers[name] = value
  }
  send(body: unknown) {
    this.body = body
    Sending.all.push(this)
  }
  abort() {
    this.onabort?.()
  }
  answer(status: number, body: unknown) {
    Object.assign(this, { status, responseText: JSON.stringify(body) })
    this.onload?.()
  }
}

const last = () => Sending.all.at(-1) as Sending

beforeEach(() => {
  Sending.all = []
  vi.stubGlobal('XMLHttpRequest', Sending)
  vi.stubGlobal('createImageBitmap', () => Promise.reject(new Error('no pictures here')))
  stage.gateway.paths = [['document']]
  stage.gateway.storefront.forms = structuredClone(forms)
})

function kept(id: string): Kept {
  return { id, state: 'uploaded', media_type: 'image/png', size: 4, pages: [], created_at: '2026-01-15T10:30:00Z', delete_at: null }
}

const file = (name: string, type = 'image/png', size = 4) => new File([new Uint8Array(size)], name, { type })

async function atUpload(): Promise<Shown> {
  const shown = await stage.put()
  await shown.press('Agree')
  return shown
}

/** choose puts files into the field for files, as the browser's dialogue does. */
async function choose(shown: Shown, ...files: File[]): Promise<void> {
  const field = [...shown.root.querySelectorAll<HTMLInputElement>('input[type=file]')].at(-1)
  if (!field) throw new Error('no field for files')
  Object.defineProperty(field, 'files', { value: files, configurable: true })
  field.dispatchEvent(new Event('change'))
  await shown.settled()
}

async function arrived(shown: Shown, id: string): Promise<void> {
  last().answer(201, kept(id))
  if (stage.gateway.verification) {
    const documents = [...(stage.gateway.verification.documents ?? []), kept(id)]
    Object.assign(stage.gateway.verification, { state: 'uploading', documents })
  }
  await vi.waitFor(() => expect(shown.text).toContain('✓ Uploaded'))
}

const names = (shown: Shown) => [...shown.root.querySelectorAll('.papers strong')].map((each) => each.textContent)

const ada = { first_name: 'Ada', last_name: 'Lovelace', birth_date: '2001-12-10', organisation: 'Example University' }

describe('document', () => {
  it('says what is accepted, and takes photos and files', async () => {
    const shown = await atUpload()
    expect(shown.text).toContain('Student card')
    expect(shown.text).toContain('JPEG, PNG, WebP, PDF, at most 3 files of 10 MB each.')
    const [camera, files] = [...shown.root.querySelectorAll<HTMLInputElement>('input[type=file]')]
    expect(camera?.getAttribute('capture')).toBe('environment')
    expect(camera?.accept).toBe('image/jpeg,image/png,image/webp')
    expect(files?.accept).toContain('application/pdf')
    expect(files?.multiple).toBe(true)
  })

  it('uploads with progress, then hands in with the fields', async () => {
    const shown = await atUpload()
    await choose(shown, file('card.png'))
    const { url, headers, body } = last()
    expect(url).toBe('https://gateway.example/v1/verifications/ver_1/documents')
    expect(headers).toMatchObject({ Authorization: 'Bearer pk_test_1', 'Laurel-Client-Secret': 'secret-1', 'Content-Type': 'application/octet-stream' })
    expect((body as File).name).toBe('card.png')
    last().upload.onprogress?.({ loaded: 1, total: 4 })
    await shown.settled()
    expect(shown.find('progress').getAttribute('aria-label')).toBe('card.png: 25% uploaded')
    await shown.fill(ada)
    expect(shown.error).toContain('wait until everything is uploaded')
    await arrived(shown, 'doc_1')
    expect(shown.find('.said').textContent).toBe('card.png is uploaded.')
    await shown.fill(ada)
    expect(stage.gateway.calls('steps/document')[0]?.body).toEqual({ documents: ['doc_1'], ...ada })
    expect(shown.title).toBe('We are checking')
  })

  it.each([
    [file('notes.txt', 'text/plain'), 'kind of file cannot be read'],
    [file('empty.png', 'image/png', 0), 'This file is empty.'],
    [file('large.pdf', 'application/pdf', 10_485_761), 'at most 10 MB can be sent'],
  ])('refuses %o before anything is sent', async (wrong, words) => {
    const shown = await atUpload()
    await choose(shown, wrong)
    expect(shown.find('.papers [role=alert]').textContent).toContain(words)
    expect(Sending.all).toHaveLength(0)
    await shown.press('Remove')
    expect(names(shown)).toEqual([])
  })

  it('sends one after the other, three at most', async () => {
    const shown = await atUpload()
    await choose(shown, ...['a', 'b', 'c', 'd'].map((name) => file(`${name}.png`)))
    expect(names(shown)).toEqual(['a.png', 'b.png', 'c.png'])
    expect(shown.text).toContain('The others were left out.')
    expect(Sending.all).toHaveLength(1)
    for (const id of ['doc_1', 'doc_2', 'doc_3']) {
      const before = Sending.all.length
      last().answer(201, kept(id))
      if (id !== 'doc_3') await vi.waitFor(() => expect(Sending.all.length).toBe(before + 1))
    }
    await vi.waitFor(() => expect(shown.text).toContain('as many files as can be handed in'))
  })

  it.each([
    ['heic', 'Photos in HEIC'],
    ['locked', 'needs a password'],
    ['pages', 'more than 5 pages'],
  ])('says in the own words why the server refuses a file: %s', async (reason, words) => {
    const shown = await atUpload()
    await choose(shown, file('card.png'))
    const { status, body } = problem(422, 'document_refused')
    last().answer(status, { ...(body as object), errors: [{ pointer: '#', detail: reason }] })
    await vi.waitFor(() => expect(shown.find('.papers [role=alert]').textContent).toContain(words))
    expect(() => shown.button('Try again')).toThrow()
  })

  it('tries again under the same key when nobody knows whether it arrived', async () => {
    const shown = await atUpload()
    await choose(shown, file('card.png'))
    last().onerror?.()
    await vi.waitFor(() => expect(shown.find('.papers [role=alert]').textContent).toContain('No connection'))
    await shown.press('Try again')
    const keys = Sending.all.map(({ headers }) => headers['Idempotency-Key'])
    expect(keys).toHaveLength(2)
    expect(keys[0]).toBe(keys[1])
    await arrived(shown, 'doc_1')
  })

  it('stops what is on its way', async () => {
    const shown = await atUpload()
    await choose(shown, file('card.png'))
    await shown.press('Stop')
    expect(names(shown)).toEqual([])
    expect(shown.find('.said').textContent).toBe('card.png is removed.')
  })

  it('takes back what is uploaded, and stays', async () => {
    stage.gateway.paths = [['document'], ['email']]
    const shown = await atUpload()
    await shown.press('With a document')
    await choose(shown, file('card.png'))
    await arrived(shown, 'doc_1')
    await shown.press('Remove')
    expect(stage.gateway.calls('DELETE /v1/verifications/ver_1/documents/doc_1')).toHaveLength(1)
    await vi.waitFor(() => expect(names(shown)).toEqual([]))
    expect(shown.title).toBe('Show a document')
  })

  it('goes on after a reload with what is uploaded', async () => {
    stage.gateway.paths = [['document'], ['email']]
    const shown = await atUpload()
    await shown.press('With a document')
    await choose(shown, file('card.png'))
    await arrived(shown, 'doc_1')
    shown.element.remove()
    const again = await stage.put()
    expect(again.title).toBe('Show a document')
    expect(names(again)).toEqual(['File 1'])
    await again.press('Back')
    expect(again.title).toBe('How would you like to prove it?')
  })

  it('says what is missing, at the fields', async () => {
    const shown = await atUpload()
    await shown.submit()
    expect(shown.error).toContain('add a document')
    expect(shown.root.querySelectorAll('[aria-invalid=true]')).toHaveLength(4)
    expect(shown.button('Choose a file').hasAttribute('data-wrong')).toBe(true)
  })

  it('ties what the server refuses to the fields', async () => {
    const shown = await atUpload()
    await choose(shown, file('card.png'))
    await arrived(shown, 'doc_1')
    const { status, body } = problem(422, 'invalid', 'Something is not written right.')
    stage.gateway.fail({ status, body: { ...(body as object), errors: [{ pointer: '#/birth_date', detail: 'give your date of birth' }] } })
    await shown.fill(ada)
    expect(shown.find('#birth_date-wrong').textContent).toBe('give your date of birth')
    expect(names(shown)).toEqual(['card.png'])
  })

  it('lets choose among the institutions of the store', async () => {
    const upload = stage.gateway.storefront.forms[0]?.upload
    if (upload) Object.assign(upload, { organisations: ['Example University', 'Other College'], max_files: 1 })
    const shown = await atUpload()
    expect(shown.text).toContain('one file of at most 10 MB')
    expect([...shown.root.querySelectorAll('option')].map((each) => each.textContent)).toEqual(['Please choose', 'Example University', 'Other College'])
  })

  it('takes what is dropped on it', async () => {
    const shown = await atUpload()
    const zone = shown.find('.drop')
    const drag = (type: string, files: File[] = []) =>
      zone.dispatchEvent(Object.assign(new Event(type, { bubbles: true, cancelable: true }), { dataTransfer: { files } }))
    drag('dragover')
    await shown.settled()
    expect(zone.classList.contains('over')).toBe(true)
    drag('drop', [file('dropped.pdf', 'application/pdf')])
    await shown.settled()
    expect(zone.classList.contains('over')).toBe(false)
    expect(names(shown)).toEqual(['dropped.pdf'])
  })
})
