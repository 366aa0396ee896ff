import { describe, expect, it } from 'vitest'
import { problem } from './fake-gateway'
import { setStage, type Shown } from './stage'

const stage = setStage()

/** refusal is a verification that ended with these reasons, as a page finds it that was loaded again. */
async function refusal(change: object, attributes: Record<string, string> = {}): Promise<Shown> {
  const all = { offer: 'off_s', ...attributes }
  const shown = await stage.put(all)
  await shown.press('Agree')
  if (!stage.gateway.verification) throw new Error('nothing begun')
  Object.assign(stage.gateway.verification, change)
  shown.element.remove()
  return stage.put(all)
}

const errors = (...codes: string[]) => codes.map((code) => ({ code, detail: `detail of ${code}` }))

describe('refusal', () => {
  it('says each reason in words, and goes on where the server is', async () => {
    const shown = await refusal({ state: 'rejected', step: 'choose', errors: errors('document_unreadable', 'name_mismatch') })
    expect(shown.error).toContain('We cannot read the document')
    expect(shown.error).toContain('The name on the document')
    await shown.press('Try again')
    expect(shown.title).toBe('How would you like to prove it?')
  })

  it('shows a reason that it does not know in the words of the server', async () => {
    const shown = await refusal({ state: 'rejected', step: 'email', errors: errors('brand_new') })
    expect(shown.error).toBe('detail of brand_new')
    await shown.press('Try again')
    expect(shown.title).toBe('Your e-mail address')
  })

  it('offers a review by a person, once', async () => {
    const shown = await refusal({ state: 'failed', step: 'done', next: [], errors: errors('record_mismatch') })
    expect(() => shown.button('Try again')).toThrow()
    await shown.press('Ask a person')
    expect(stage.gateway.calls('POST /v1/verifications/ver_1/appeal')).toHaveLength(1)
    expect(shown.title).toBe('We are checking')
  })

  it('says that a person looked at it already', async () => {
    const shown = await refusal({ state: 'failed', step: 'done', next: [], errors: errors('other') })
    stage.gateway.fail(problem(409, 'appeal_made'))
    await shown.press('Ask a person')
    expect(shown.error).toContain('A person looked at this already')
    expect(() => shown.button('Ask a person')).toThrow()
    expect(shown.button('Start over')).toBeTruthy()
  })

  it('moves the proof of another account of the same person', async () => {
    const shown = await refusal({ state: 'rejected', step: 'choose', errors: errors('already_verified'), customer: 'c-1' }, { customer: 'c-1' })
    await shown.press('Move it to this account')
    expect(stage.gateway.calls('POST /v1/verifications/ver_1/move')).toHaveLength(1)
    expect(shown.title).toBe('You are verified')
  })

  it('moves nothing to a guest, and says when it cannot be moved', async () => {
    const guest = await refusal({ state: 'rejected', step: 'choose', errors: errors('already_verified') })
    expect(() => guest.button('Move it')).toThrow()
    guest.element.remove()
    sessionStorage.clear()
    const shown = await refusal({ state: 'rejected', step: 'choose', errors: errors('already_verified'), customer: 'c-1' }, { customer: 'c-1' })
    stage.gateway.fail(problem(409, 'move_refused'))
    await shown.press('Move it')
    expect(shown.error).toContain('cannot be moved now')
  })

  it.each([
    ['cancelled', 'You cancelled this'],
    ['expired', 'This took too long'],
  ])('%s is no refusal', async (state, title) => {
    const shown = await refusal({ state, step: 'done', next: [] })
    expect(shown.title).toBe(title)
    expect(shown.error).toBe('')
    expect(() => shown.button('Ask a person')).toThrow()
    await shown.press('Start over')
    expect(shown.title).toBe('Before we begin')
  })
})
