import { describe, expect, it, vi } from 'vitest'
import { problem } from './fake-gateway'
import { setStage, type Shown } from './stage'

const stage = setStage()

async function atEmail(): Promise<Shown> {
  const shown = await stage.put()
  await shown.press('Agree')
  await shown.press('With an eligible e-mail address')
  return shown
}

async function atCode(): Promise<Shown> {
  const shown = await atEmail()
  await shown.type('ada@mit.edu')
  await shown.submit()
  return shown
}

describe('email', () => {
  it('is shown at once when it is the only path', async () => {
    stage.gateway.paths = [['email']]
    const shown = await stage.put()
    await shown.press('Agree')
    expect(shown.title).toBe('Your e-mail address')
    expect(shown.text).not.toContain('Choose another way')
  })

  it('moves the focus to the heading of the step', async () => {
    const shown = await atEmail()
    expect(shown.root.activeElement?.id).toBe('title')
  })

  it.each(['', 'ada', 'ada@', 'a b@c.edu'])('refuses %j before sending', async (address) => {
    const shown = await atEmail()
    await shown.type(address)
    await shown.submit()
    expect(shown.error).toContain('valid e-mail address')
    expect(stage.gateway.calls('steps/email')).toHaveLength(0)
  })

  it('ties a refusal to the field and moves the focus there', async () => {
    const shown = await atEmail()
    await shown.type('ada@gmail.com')
    await shown.submit()
    const field = shown.find<HTMLInputElement>('input')
    expect(shown.error).toContain('not eligible')
    expect(field.getAttribute('aria-invalid')).toBe('true')
    expect(field.getAttribute('aria-describedby')).toBe('error hint')
    expect(field.value).toBe('ada@gmail.com')
    expect(shown.root.activeElement).toBe(field)
  })

  it('reuses the idempotency key for the same intent only', async () => {
    const shown = await atEmail()
    stage.gateway.fail('offline', problem(503, 'unavailable'))
    await shown.type('ada@mit.edu')
    await shown.submit()
    expect(shown.error).toContain('No connection')
    await shown.press('Try again')
    await shown.submit()
    const keys = stage.gateway.calls('steps/email').map((call) => call.headers.get('Idempotency-Key'))
    expect(keys).toHaveLength(3)
    expect(new Set(keys).size).toBe(1)
    expect(shown.title).toBe('Enter the code')
    await shown.press('Use another address')
    await shown.submit()
    expect(stage.gateway.calls('steps/email').at(-1)?.headers.get('Idempotency-Key')).not.toBe(keys[0])
  })

  it('goes back to the choice of paths', async () => {
    const shown = await atEmail()
    await shown.press('Back')
    expect(shown.title).toBe('How would you like to prove it?')
  })
})

describe('code', () => {
  it('has one field that phones can fill', async () => {
    const field = (await atCode()).find<HTMLInputElement>('input')
    expect(field.autocomplete).toBe('one-time-code')
    expect(field.inputMode).toBe('numeric')
  })

  it('takes a pasted code with spaces and sends it by itself', async () => {
    const shown = await atCode()
    expect(shown.text).toContain('ada@mit.edu')
    await shown.type(' 123 456 ')
    expect(stage.gateway.calls('steps/email_code')[0]?.body).toEqual({ code: '123456' })
    expect(shown.title).toBe('You are verified')
  })

  it('waits for six digits', async () => {
    const shown = await atCode()
    await shown.type('12a3')
    expect(shown.find<HTMLInputElement>('input').value).toBe('123')
    await shown.submit()
    expect(shown.error).toContain('all six digits')
    expect(stage.gateway.calls('steps/email_code')).toHaveLength(0)
  })

  it('says how many tries are left and lets the shopper correct it', async () => {
    const shown = await atCode()
    await shown.type('999999')
    expect(shown.error).toBe('This code is not right. Please check the six digits. Tries left: 4.')
    expect(stage.events.at(-1)).toMatchObject({ type: 'laurel-error', detail: { code: 'code_invalid' } })
    await shown.type('123456')
    expect(shown.title).toBe('You are verified')
  })

  it('refuses after too many tries, with a way to start over', async () => {
    const shown = await atCode()
    stage.gateway.fail(problem(409, 'tries_exhausted'))
    await shown.type('999999')
    expect(shown.title).toBe('We could not verify you')
    expect(shown.error).toContain('Too many wrong codes')
    await shown.press('Start over')
    expect(shown.title).toBe('Before we begin')
  })

  it('says that the person is verified elsewhere', async () => {
    const shown = await atCode()
    stage.gateway.fail(problem(409, 'already_verified'))
    await shown.type('123456')
    expect(shown.error).toContain('already in use by another account')
  })

  it('counts down, then sends a new code with a new key', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true })
    const shown = await atCode()
    expect(shown.button('Send a new code in').disabled).toBe(true)
    await vi.advanceTimersByTimeAsync(31_000)
    await shown.settled()
    await shown.press('Send a new code')
    const posts = stage.gateway.calls('steps/email')
    expect(posts.map((call) => call.body)).toEqual([{ email: 'ada@mit.edu' }, { email: 'ada@mit.edu' }])
    expect(posts[0]?.headers.get('Idempotency-Key')).not.toBe(posts[1]?.headers.get('Idempotency-Key'))
    await vi.waitFor(() => expect(shown.find('[role=status]').textContent).toContain('on its way'))
    vi.useRealTimers()
  })

  it('returns to the code without another mail', async () => {
    const shown = await atCode()
    await shown.press('Use another address')
    expect(shown.title).toBe('Your e-mail address')
    await shown.press('Back')
    expect(shown.title).toBe('Enter the code')
    expect(stage.gateway.calls('steps/email')).toHaveLength(1)
  })

  it('gives the step up for another path', async () => {
    const shown = await atCode()
    await shown.press('Choose another way')
    expect(stage.gateway.calls('DELETE /v1/verifications/ver_1/steps/email_code')).toHaveLength(1)
    expect(shown.title).toBe('How would you like to prove it?')
  })
})
