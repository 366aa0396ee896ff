import { afterEach, describe, expect, it, vi } from 'vitest'
import { setStage, type Shown } from './stage'

const stage = setStage()

afterEach(() => {
  history.replaceState(null, '', '/')
  vi.useRealTimers()
})

async function waiting(): Promise<Shown> {
  const shown = await stage.put()
  await shown.press('Agree')
  await shown.press('With a test name')
  await shown.type('REVIEW')
  await shown.submit()
  return shown
}

const reads = () => stage.gateway.calls('GET /v1/verifications/').length

function show(hidden: boolean): void {
  vi.spyOn(document, 'hidden', 'get').mockReturnValue(hidden)
  document.dispatchEvent(new Event('visibilitychange'))
}

describe('pending', () => {
  it('rests while the page is hidden, and asks at once when it is seen again', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true })
    const shown = await waiting()
    show(true)
    await vi.advanceTimersByTimeAsync(120_000)
    expect(reads()).toBe(0)
    if (stage.gateway.verification) Object.assign(stage.gateway.verification, { state: 'verified', next: [] })
    show(false)
    await vi.waitFor(() => expect(shown.title).toBe('You are verified'))
    expect(reads()).toBe(1)
  })

  it('is remembered beyond the tab, until it is decided', async () => {
    const shown = await waiting()
    shown.element.remove()
    sessionStorage.clear()
    const again = await stage.put()
    expect(again.title).toBe('We are checking')
    again.element.remove()
    if (stage.gateway.verification) Object.assign(stage.gateway.verification, { state: 'verified', next: [] })
    expect((await stage.put()).title).toBe('You are verified')
    expect(localStorage).toHaveLength(0)
  })

  it('goes on elsewhere by a link that tells no server the secret', async () => {
    const shown = await waiting()
    const link = new URL(shown.find<HTMLInputElement>('input.link').value)
    expect(`${link.pathname}${link.search}`).not.toContain('secret')
    shown.element.remove()
    sessionStorage.clear()
    localStorage.clear()
    history.replaceState(null, '', `/?a=1${link.hash}`)
    const elsewhere = await stage.put({ offer: 'off_s', mode: 'modal' })
    expect(elsewhere.title).toBe('We are checking')
    expect(location.hash).toBe('')
    expect(location.search).toBe('?a=1')
    expect(elsewhere.find<HTMLDialogElement>('dialog').open).toBe(true)
  })

  it('proves nothing on what came by a link, as its maker would get it', async () => {
    const shown = await waiting()
    const { hash } = new URL(shown.find<HTMLInputElement>('input.link').value)
    shown.element.remove()
    const arrive = async (change: object, attributes = {}) => {
      sessionStorage.clear()
      localStorage.clear()
      if (stage.gateway.verification) Object.assign(stage.gateway.verification, change)
      history.replaceState(null, '', `/${hash}`)
      return stage.put({ offer: 'off_s', ...attributes })
    }
    const asked = await arrive({ state: 'collecting', step: 'email', next: ['email'] })
    expect(asked.title).toBe('Before we begin')
    expect(sessionStorage).toHaveLength(0)
    asked.element.remove()
    const foreign = await arrive({ state: 'pending_review', step: 'pending', customer: 'c-1' }, { customer: 'c-2' })
    expect(foreign.title).toBe('Before we begin')
    foreign.element.remove()
    const own = await arrive({ state: 'rejected', step: 'email' }, { customer: 'c-1' })
    expect(own.title).toBe('We could not verify you')
    own.element.remove()
    const again = await stage.put({ offer: 'off_s', customer: 'c-1' })
    await again.press('Try again')
    expect(again.title).toBe('Before we begin')
  })

  it("leaves another offer's link alone, and a damaged one", async () => {
    for (const hash of ['#laurel=laurel%3Apk_test_1%3Aoff_t&ver_1&secret', '#laurel=%E0%A4%A', '#laurel=laurel%3Apk_test_1%3Aoff_s']) {
      history.replaceState(null, '', `/${hash}`)
      const shown = await stage.put()
      expect(shown.title).toBe('Before we begin')
      expect(location.hash).toBe(hash)
      shown.element.remove()
    }
  })

  it('copies the link, or shows it where the clipboard is refused', async () => {
    const shown = await waiting()
    const write = vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValueOnce()
    await shown.press('Copy the link')
    await vi.waitFor(() => expect(shown.text).toContain('The link is copied.'))
    expect(write.mock.calls[0]?.[0]).toContain('#laurel=')
    write.mockRejectedValueOnce(new Error('denied'))
    await shown.press('Copy the link')
    await vi.waitFor(() => expect(shown.find<HTMLInputElement>('input.link').hidden).toBe(false))
  })

  it('is cancelled for good', async () => {
    const shown = await waiting()
    await shown.press('Yes, cancel')
    expect(stage.gateway.calls('POST /v1/verifications/ver_1/cancel')).toHaveLength(1)
    expect(shown.title).toBe('You cancelled this')
  })
})

describe('renewal', () => {
  it('is offered when the proof ends soon, and only then', async () => {
    const verified = async () => {
      const shown = await stage.put()
      await shown.press('Agree')
      await shown.press('With a test name')
      await shown.type('VERIFIED')
      await shown.submit()
      return shown
    }
    const long = await verified()
    expect(long.text).not.toContain('Your proof ends')
    long.element.remove()
    sessionStorage.clear()
    stage.gateway.proofLife = 20 * 86_400_000
    const short = await verified()
    expect(short.text).toContain('Your proof ends on')
    await short.press('Renew it')
    expect(short.title).toBe('Before we begin')
  })
})
