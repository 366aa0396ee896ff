import { afterEach, describe, expect, it } from 'vitest'
import { setStage } from './stage'

const stage = setStage()

const place = 'laurel:pk_test_1:off_s'

afterEach(() => history.replaceState(null, '', '/'))

describe('reload', () => {
  it('goes on at the step where it was', async () => {
    const shown = await stage.put()
    await shown.press('Agree')
    await shown.press('With an eligible')
    await shown.type('ada@mit.edu')
    await shown.submit()
    shown.element.remove()
    const again = await stage.put()
    expect(again.title).toBe('Enter the code')
    expect(again.text).toContain('We sent six digits to your address')
    const read = stage.gateway.calls('GET /v1/verifications/ver_1')[0]
    expect(read?.headers.get('Laurel-Client-Secret')).toBe('secret-1')
  })

  it('keeps the places of two offers apart', async () => {
    const shown = await stage.put()
    await shown.press('Agree')
    shown.element.remove()
    const other = await stage.put({ offer: 'off_t' })
    expect(other.title).toBe('Before we begin')
  })

  it.each([
    ['an expired one', { id: 'ver_1', secret: 's', expiresAt: '2020-01-01T00:00:00Z', customer: '' }],
    ["another customer's", { id: 'ver_1', secret: 's', expiresAt: '2999-01-01T00:00:00Z', customer: 'c-9' }],
    ['one that the gateway lost', { id: 'ver_0', secret: 's', expiresAt: '2999-01-01T00:00:00Z', customer: '' }],
    ['a damaged one', 'nonsense'],
  ])('forgets %s', async (_, kept) => {
    sessionStorage.setItem(place, typeof kept === 'string' ? kept : JSON.stringify(kept))
    const shown = await stage.put()
    expect(shown.title).toBe('Before we begin')
    expect(shown.error).toBe('')
    expect(sessionStorage.getItem(place)).toBeNull()
  })

  it('does not take the focus from a page that is loading', async () => {
    const shown = await stage.put()
    expect(shown.root.activeElement).toBeNull()
  })
})

describe('return from a sign-in', () => {
  it('shows the result, tidies the address and opens the modal', async () => {
    const shown = await stage.put({ offer: 'off_s', mode: 'modal' })
    await shown.press('Agree')
    shown.element.remove()
    if (stage.gateway.verification) stage.gateway.verification.state = 'verified'
    history.replaceState(null, '', '/?a=1&laurel_verification=ver_1')
    const again = await stage.put({ offer: 'off_s', mode: 'modal' })
    expect(again.title).toBe('You are verified')
    expect(location.search).toBe('?a=1')
    expect(again.find<HTMLDialogElement>('dialog').open).toBe(true)
  })

  it("leaves another widget's return alone", async () => {
    history.replaceState(null, '', '/?laurel_verification=ver_9')
    await stage.put()
    expect(location.search).toBe('?laurel_verification=ver_9')
  })
})

describe('modal', () => {
  it('opens by its button and closes again', async () => {
    const shown = await stage.put({ offer: 'off_s', mode: 'modal' })
    const dialog = shown.find<HTMLDialogElement>('dialog')
    expect(dialog.open).toBe(false)
    await shown.press('Verify and save')
    expect(dialog.open).toBe(true)
    await shown.press('Close')
    expect(dialog.open).toBe(false)
  })
})
