import { describe, expect, it } from 'vitest'
import { forms, problem } from './fake-gateway'
import { setStage, type Shown } from './stage'

const stage = setStage()

async function atForm(...paths: string[][]): Promise<Shown> {
  stage.gateway.paths = paths
  stage.gateway.storefront.forms = forms
  const shown = await stage.put()
  await shown.press('Agree')
  return shown
}

describe("store's own verifier", () => {
  it('asks for the fields that the store declared', async () => {
    const shown = await atForm(['remote:staff'])
    expect(shown.title).toBe('Staff directory')
    expect([...shown.root.querySelectorAll('label')].map((each) => each.textContent)).toEqual(['Employee number', 'Work e-mail', 'Site (optional)'])
    expect(shown.find<HTMLInputElement>('#employee').inputMode).toBe('numeric')
    expect(shown.find<HTMLInputElement>('#employee').maxLength).toBe(10)
    await shown.fill({ employee: '0042', mail: 'ada@shop.example' })
    expect(stage.gateway.calls('steps/remote')[0]?.body).toEqual({ verifier: 'staff', fields: { employee: '0042', mail: 'ada@shop.example' } })
    expect(shown.title).toBe('You are verified')
  })

  it('says at each field what is wrong, before anything is sent', async () => {
    const shown = await atForm(['remote:staff'])
    await shown.fill({ employee: 'E-1', mail: 'nobody' })
    expect(shown.error).toContain('fields that are marked')
    const wrong = (name: string) => {
      const field = shown.find(`#${name}`)
      const ids = field.getAttribute('aria-describedby')?.split(' ') ?? []
      return [field.getAttribute('aria-invalid'), ids.includes(`${name}-wrong`) ? shown.find(`#${name}-wrong`).textContent : '']
    }
    expect(wrong('employee')).toEqual(['true', 'Digits only, please.'])
    expect(wrong('mail')).toEqual(['true', 'This is not an e-mail address.'])
    expect(wrong('site')).toEqual(['false', ''])
    expect(stage.gateway.calls('steps/remote')).toHaveLength(0)
  })

  it('ties what the server refuses to its field', async () => {
    const shown = await atForm(['remote:staff'])
    const refused = problem(422, 'invalid', 'Some of the fields are not as they must be.')
    stage.gateway.fail({ ...refused, body: { ...(refused.body as object), errors: [{ pointer: '#/fields/mail', detail: 'not a mail address' }] } })
    await shown.fill({ employee: '1', mail: 'a@b' })
    expect(shown.find('#mail-wrong').textContent).toBe('not a mail address')
    expect(shown.find('#employee').getAttribute('aria-invalid')).toBe('false')
  })

  it('asks which one, where there are two', async () => {
    const shown = await atForm(['remote:staff'], ['remote:union'])
    expect(shown.title).toBe('Where can we find you?')
    await shown.press('Union')
    expect(shown.title).toBe('Union')
    await shown.fill({ card: 'U 7' })
    expect(stage.gateway.calls('steps/remote')[0]?.body).toMatchObject({ verifier: 'union' })
  })

  it('is named among the ways', async () => {
    const shown = await atForm(['remote:staff'], ['email'])
    expect(shown.text).toContain('With Staff directory')
    await shown.press('With Staff directory')
    await shown.press('Back')
    expect(shown.title).toBe('How would you like to prove it?')
  })

  it('blames no field when the network is away', async () => {
    const shown = await atForm(['remote:staff'])
    stage.gateway.fail('offline')
    await shown.fill({ employee: '1', mail: 'a@b' })
    expect(shown.error).toContain('No connection')
    expect(shown.root.querySelector('[aria-invalid=true]')).toBeNull()
    await shown.press('Try again')
    expect(shown.title).toBe('You are verified')
  })
})

describe('path of two', () => {
  it('goes on with the second part of what was begun', async () => {
    const shown = await atForm(['remote:staff', 'email'], ['mock'])
    await shown.press('With Staff directory')
    if (!stage.gateway.verification) throw new Error('nothing begun')
    const half = { ...stage.gateway.verification, next: ['email', 'mock'] }
    stage.gateway.fail({ status: 200, body: half })
    await shown.fill({ employee: '1', mail: 'a@b' })
    expect(shown.title).toBe('Your e-mail address')
    await shown.press('Back')
    expect(shown.title).toBe('How would you like to prove it?')
  })
})
