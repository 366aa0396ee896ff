import { describe, expect, it, vi } from 'vitest'
import { problem } from './fake-gateway'
import { setStage, type Shown } from './stage'

const stage = setStage()

async function verified(): Promise<Shown> {
  const shown = await stage.put()
  await shown.press('Agree')
  await shown.press('With a test name')
  await shown.type('VERIFIED')
  await shown.submit()
  return shown
}

describe('success', () => {
  it('shows the code, what it gives and its end, and tells the page', async () => {
    const heard = vi.fn()
    document.addEventListener('laurel-token', heard, { once: true })
    const shown = await verified()
    expect(shown.find('output').textContent).toBe('ABCD-EFGH-JK')
    expect(shown.text).toContain('20% off')
    expect(shown.text).toMatch(/Valid until \d/)
    expect(heard).toHaveBeenCalledOnce()
    expect(stage.events.map((event) => event.type)).toEqual([
      'laurel-step',
      'laurel-step',
      'laurel-step',
      'laurel-step',
      'laurel-verified',
      'laurel-token',
    ])
    expect(stage.events.at(-1)?.detail).toEqual({
      token: 'eyJ.offer.token',
      code: 'ABCD-EFGH-JK',
      expiresAt: expect.any(String),
      offer: { id: 'off_s', name: 'Student 20', benefit: { type: 'percentage', target: 'order', basis_points: 2000 } },
    })
  })

  it('draws the code for tills that scan', async () => {
    const shown = await verified()
    await vi.waitFor(() => expect(shown.root.querySelector('svg')).not.toBeNull())
    const picture = shown.root.querySelector('svg')
    expect(picture?.getAttribute('aria-label')).toBe('This code as a QR code')
    expect(picture?.getAttribute('viewBox')).toBe('0 0 29 29')
    expect(picture?.querySelector('path')?.getAttribute('d')).toBe('M4 4h7v1z')
    const [call] = stage.gateway.calls('offer-tokens/qr')
    expect(call?.body).toEqual({ code: 'ABCD-EFGH-JK' })
    expect(call?.headers.get('Laurel-Client-Secret')).toBe('secret-1')
  })

  it('goes without a picture that cannot be had', async () => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue()
    stage.gateway.picture = { status: 500, body: {} }
    const shown = await verified()
    await vi.waitFor(() => expect(warn).toHaveBeenCalledOnce())
    expect(shown.root.querySelector('svg')).toBeNull()
    expect(shown.find('output').textContent).toBe('ABCD-EFGH-JK')
    expect(shown.error).toBe('')
  })

  it('copies the code', async () => {
    const writeText = vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValue()
    const shown = await verified()
    await shown.press('Copy code')
    expect(writeText).toHaveBeenCalledWith('ABCD-EFGH-JK')
    await vi.waitFor(() => expect(shown.find('[role=status]').textContent).toContain('Copied'))
  })

  it('selects the code where the clipboard is refused', async () => {
    vi.spyOn(navigator.clipboard, 'writeText').mockRejectedValue(new Error('denied'))
    const shown = await verified()
    await shown.press('Copy code')
    await vi.waitFor(() => expect(shown.find('[role=status]').textContent).toContain('The code is selected'))
  })

  it('offers a new code when this one is over', async () => {
    stage.gateway.tokenLife = -1
    const shown = await verified()
    expect(shown.text).toContain('This code has expired')
    stage.gateway.tokenLife = 600_000
    await shown.press('Get a new code')
    expect(shown.find('output').textContent).toBe('ABCD-EFGH-JK')
  })

  it('keeps the success and says why there is no code', async () => {
    const shown = await stage.put()
    await shown.press('Agree')
    await shown.press('With an eligible')
    await shown.type('ada@mit.edu')
    await shown.submit()
    stage.gateway.storefront.offers = []
    stage.gateway.fail({ status: 200, body: { ...stage.gateway.verification, state: 'verified', step: 'done' } })
    stage.gateway.fail(problem(409, 'limit_reached'))
    await shown.type('123456')
    expect(shown.title).toBe('You are verified')
    expect(shown.error).toContain('already used this offer')
  })

  it('needs no offer', async () => {
    stage.gateway.storefront.offers = []
    const shown = await stage.put({ group: 'student' })
    await shown.press('Agree')
    await shown.press('With a test name')
    await shown.type('VERIFIED')
    await shown.submit()
    expect(shown.text).toContain('your group is confirmed')
    expect(stage.gateway.calls('offer-tokens')).toHaveLength(0)
  })
})
