import { describe, expect, it, vi } from 'vitest'
import { offer, problem } from './fake-gateway'
import { setStage } from './stage'

const stage = setStage()

describe('group', () => {
  it('asks for the group and uses its only offer', async () => {
    const shown = await stage.put({})
    expect(shown.title).toBe('Which of these are you?')
    await shown.press('Teachers')
    expect(shown.title).toBe('Before we begin')
    expect(shown.text).toContain('$5.00 off your order')
    await shown.press('Agree')
    expect(stage.gateway.calls('POST /v1/verifications')[0]?.body).toMatchObject({ group: 'teacher', offer_id: 'off_t' })
  })

  it('goes back from consent to the choice', async () => {
    const shown = await stage.put({})
    await shown.press('Students')
    await shown.press('Back')
    expect(shown.title).toBe('Which of these are you?')
  })

  it.each([[{ offer: 'off_s' }], [{ group: 'student' }]])('is skipped when the page fixes it: %o', async (attributes) => {
    const shown = await stage.put(attributes)
    expect(shown.title).toBe('Before we begin')
    expect(shown.text).toContain('20% off')
    expect(shown.text).not.toContain('Back')
  })

  it('is asked for when the offer is for everybody', async () => {
    stage.gateway.storefront.offers.push(offer('off_all', 'All', '', { type: 'free_shipping' }))
    const shown = await stage.put({ offer: 'off_all' })
    await shown.press('Teachers')
    await shown.press('Agree')
    expect(stage.gateway.calls('POST /v1/verifications')[0]?.body).toMatchObject({ group: 'teacher', offer_id: 'off_all' })
  })

  it.each([[{ offer: 'off_gone' }], [{ group: 'pilot' }]])('says when the store has it not: %o', async (attributes) => {
    const shown = await stage.put(attributes)
    expect(shown.title).toBe('This is not available right now')
    expect(shown.error).toContain('not set up correctly')
  })
})

describe('consent', () => {
  it('sends version, acceptance and the unticked marketing answer', async () => {
    const shown = await stage.put({ offer: 'off_s', customer: 'c-1' })
    expect(shown.text).toContain('We check that you are in the group')
    expect(shown.find<HTMLAnchorElement>('a').href).toBe('https://shop.example/privacy')
    await shown.press('Agree')
    expect(stage.gateway.calls('POST /v1/verifications')[0]?.body).toEqual({
      group: 'student',
      offer_id: 'off_s',
      customer: 'c-1',
      locale: 'en',
      consent: { version: '3', accepted: true, marketing: false },
    })
  })

  it('sends the marketing answer when it was ticked', async () => {
    const shown = await stage.put()
    shown.find<HTMLInputElement>('#marketing').checked = true
    await shown.press('Agree')
    expect(stage.gateway.calls('POST')[0]?.body['consent']).toMatchObject({ marketing: true })
  })

  it('does not ask for marketing under Global Privacy Control', async () => {
    vi.stubGlobal('navigator', Object.assign(Object.create(navigator), { globalPrivacyControl: true }))
    const shown = await stage.put()
    expect(shown.root.querySelector('#marketing')).toBeNull()
  })

  it('leaves out a privacy address that is no web page', async () => {
    stage.gateway.storefront.consent.privacy_url = 'javascript:alert(1)'
    const shown = await stage.put()
    expect(shown.root.querySelector('a')).toBeNull()
  })
})

describe('look', () => {
  it("takes the store's theme", async () => {
    stage.gateway.storefront.store.theme = { accent: '#00aa77' }
    const shown = await stage.put()
    await vi.waitFor(() => {
      const rules = shown.root.adoptedStyleSheets.flatMap((sheet) => [...sheet.cssRules].map((rule) => rule.cssText))
      expect(rules.join()).toContain('--laurel-accent: #00aa77')
    })
  })
})

describe('loading', () => {
  it('offers another try when the gateway does not answer', async () => {
    stage.gateway.fail('offline')
    const shown = await stage.put()
    expect(shown.error).toContain('No connection')
    await shown.press('Try again')
    expect(shown.title).toBe('Before we begin')
    expect(stage.events).toContainEqual({ type: 'laurel-error', detail: { code: 'network', detail: expect.any(String) } })
  })

  it('tells a foreign page that it is not set up', async () => {
    stage.gateway.fail(problem(403, 'origin_not_allowed'))
    const shown = await stage.put()
    expect(shown.error).toContain('not set up correctly')
  })

  it('tells a page whose refusal the browser hides the same', async () => {
    vi.spyOn(console, 'warn').mockReturnValue()
    stage.gateway.hidden = true
    stage.gateway.fail('offline')
    const shown = await stage.put()
    expect(shown.error).toContain('not set up correctly')
    expect(stage.events).toContainEqual({ type: 'laurel-error', detail: { code: 'origin_not_allowed', detail: expect.any(String) } })
    expect(console.warn).toHaveBeenCalledWith(expect.stringContaining('allowed origins'))
  })

  it('sends key and no cookies', async () => {
    const spy = vi.fn(stage.gateway.fetch)
    vi.stubGlobal('fetch', spy)
    await stage.put()
    expect(spy.mock.calls[0]?.[1]).toMatchObject({ credentials: 'omit', headers: { Authorization: 'Bearer pk_test_1' } })
  })
})
