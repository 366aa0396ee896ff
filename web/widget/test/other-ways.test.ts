import { describe, expect, it, vi } from 'vitest'
import { problem } from './fake-gateway'
import { setStage } from './stage'

const stage = setStage()

describe('sign-in', () => {
  it('leaves the page for the provider and asks to come back here', async () => {
    const assign = vi.spyOn(location, 'assign').mockImplementation(() => {})
    const shown = await stage.put({ offer: 'off_s', 'return-url': 'https://shop.example/cart' })
    await shown.press('Agree')
    await shown.press('Sign in with Demo University')
    expect(stage.gateway.calls('steps/sso')[0]?.body).toEqual({
      provider: 'demo-university',
      return_url: 'https://shop.example/cart',
    })
    expect(assign).toHaveBeenCalledWith('https://login.example/authorize')
  })

  it('has a step of its own when it is the only path', async () => {
    stage.gateway.paths = [['oidc:demo-university']]
    const shown = await stage.put()
    await shown.press('Agree')
    expect(shown.title).toBe('Sign in to prove it')
    expect(shown.text).toContain('Continue to Demo University')
  })

  it('never follows an address that is no web page', async () => {
    const assign = vi.spyOn(location, 'assign').mockImplementation(() => {})
    const shown = await stage.put()
    await shown.press('Agree')
    const answer = { ...stage.gateway.verification, redirect_url: 'javascript:alert(1)' }
    stage.gateway.fail({ status: 200, body: answer })
    await shown.press('Sign in with')
    expect(assign).not.toHaveBeenCalled()
    expect(shown.error).toContain('is not available at the moment')
  })

  it('says what the server kept about a sign-in that failed', async () => {
    const shown = await stage.put()
    await shown.press('Agree')
    if (stage.gateway.verification) stage.gateway.verification.errors = [{ code: 'provider_refused', detail: 'denied' }]
    shown.element.remove()
    const again = await stage.put()
    expect(again.title).toBe('How would you like to prove it?')
    expect(again.error).toContain('sign-in was not completed')
  })
})

describe('test name', () => {
  it.each([
    ['VERIFIED', 'You are verified'],
    ['REJECTED', 'We could not verify you'],
    ['REVIEW', 'We are checking'],
  ])('%s leads to "%s"', async (name, title) => {
    const shown = await stage.put()
    await shown.press('Agree')
    await shown.press('With a test name')
    await shown.type(name)
    await shown.submit()
    expect(shown.title).toBe(title)
  })

  it('ERROR keeps the step and can be tried again', async () => {
    const shown = await stage.put()
    await shown.press('Agree')
    await shown.press('With a test name')
    await shown.type('ERROR')
    await shown.submit()
    expect(shown.title).toBe('Test verification')
    expect(shown.error).toContain('The service is busy')
    expect(shown.button('Try again')).toBeTruthy()
  })

  it('tells why it was refused and what to do next', async () => {
    const shown = await stage.put()
    await shown.press('Agree')
    await shown.press('With a test name')
    await shown.type('REJECTED')
    await shown.submit()
    expect(shown.error).toContain('does not confirm your group')
    expect(shown.text).toContain('please contact Northside Supply')
    await shown.press('Start over')
    expect(shown.title).toBe('Before we begin')
    expect(sessionStorage.length).toBe(0)
  })
})

describe('pending', () => {
  it('asks with growing pauses until it is decided', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true })
    const shown = await stage.put()
    await shown.press('Agree')
    await shown.press('With a test name')
    await shown.type('REVIEW')
    await shown.submit()
    const reads = () => stage.gateway.calls('GET /v1/verifications/').length
    await vi.advanceTimersByTimeAsync(2_100)
    expect(reads()).toBe(1)
    await vi.advanceTimersByTimeAsync(3_000)
    expect(reads()).toBe(1)
    stage.gateway.fail('offline')
    await vi.advanceTimersByTimeAsync(1_500)
    expect(reads()).toBe(2)
    expect(shown.error).toBe('')
    if (stage.gateway.verification) stage.gateway.verification.state = 'verified'
    await vi.advanceTimersByTimeAsync(8_100)
    await shown.settled()
    expect(shown.title).toBe('You are verified')
    vi.useRealTimers()
  })

  it('stops asking when the element leaves the page', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true })
    const shown = await stage.put()
    await shown.press('Agree')
    await shown.press('With a test name')
    await shown.type('REVIEW')
    await shown.submit()
    shown.element.remove()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(stage.gateway.calls('GET /v1/verifications/')).toHaveLength(0)
    vi.useRealTimers()
  })
})

describe('conflict', () => {
  it('catches up with where the server is', async () => {
    const shown = await stage.put()
    await shown.press('Agree')
    await shown.press('With an eligible')
    await shown.type('ada@mit.edu')
    if (stage.gateway.verification) stage.gateway.verification.step = 'email_code'
    stage.gateway.fail(problem(409, 'invalid_step'))
    await shown.submit()
    expect(shown.title).toBe('Enter the code')
    expect(shown.error).toContain('already been answered')
  })

  it('shows the own words of a problem that the widget does not know', async () => {
    const shown = await stage.put()
    stage.gateway.fail(problem(422, 'brand_new_code', 'Do this instead.'))
    await shown.press('Agree')
    expect(shown.error).toBe('Do this instead.')
  })
})
