import { describe, expect, it } from 'vitest'
import { isNpi } from '../src/steps/registry'
import { problem } from './fake-gateway'
import { setStage, type Shown } from './stage'

const stage = setStage()

async function atRegistry(path: string): Promise<Shown> {
  stage.gateway.paths = [[path]]
  const shown = await stage.put()
  await shown.press('Agree')
  return shown
}

const ada = { number: '1234567893', first_name: 'Ada', last_name: 'Lovelace' }

describe('register', () => {
  it('asks for an NPI, a name and the state', async () => {
    const shown = await atRegistry('registry:nppes')
    expect(shown.title).toBe('Your entry in the register')
    const labels = [...shown.root.querySelectorAll('label')].map((each) => each.textContent)
    expect(labels).toEqual(['NPI number', 'First name', 'Last name', 'State (optional)'])
    expect(shown.find<HTMLInputElement>('#number').inputMode).toBe('numeric')
    await shown.fill({ ...ada, state: 'CA' })
    expect(stage.gateway.calls('steps/registry')[0]?.body).toEqual({ ...ada, state: 'CA' })
    expect(shown.title).toBe('You are verified')
  })

  it('leaves the state out where it was not given', async () => {
    const shown = await atRegistry('registry:nppes-imported')
    await shown.fill({ ...ada, number: ' 1234-567893 ' })
    expect(stage.gateway.calls('steps/registry')[0]?.body).toEqual({ ...ada, number: '1234-567893' })
  })

  it('asks for the number of a roster, and for no state', async () => {
    const shown = await atRegistry('registry:district-staff')
    const labels = [...shown.root.querySelectorAll('label')].map((each) => each.textContent)
    expect(labels).toEqual(['Your number', 'First name', 'Last name'])
    await shown.fill({ ...ada, number: 'T-1001' })
    expect(stage.gateway.calls('steps/registry')[0]?.body).toEqual({ ...ada, number: 'T-1001' })
  })

  it.each([
    [{ ...ada, last_name: ' ' }, 'fill in your number'],
    [{ ...ada, number: '1234567890' }, 'not an NPI'],
    [{ ...ada, number: '12345' }, 'not an NPI'],
  ])('refuses %j before sending', async (values, words) => {
    const shown = await atRegistry('registry:nppes')
    await shown.fill(values)
    expect(shown.error).toContain(words)
    expect(stage.gateway.calls('steps/registry')).toHaveLength(0)
  })

  it('keeps what was typed after a refusal, so that it can be corrected', async () => {
    const shown = await atRegistry('registry:nppes')
    stage.gateway.fail(problem(409, 'not_eligible'))
    await shown.fill({ ...ada, last_name: 'Lovelaze' })
    expect(shown.title).toBe('Your entry in the register')
    expect(shown.error).toContain('does not confirm your group')
    expect(shown.find<HTMLInputElement>('#last_name').value).toBe('Lovelaze')
    expect(shown.find('#number').getAttribute('aria-invalid')).toBe('true')
    await shown.fill(ada)
    expect(shown.title).toBe('You are verified')
  })

  it('says that the register is away, and that a person looks at it', async () => {
    const shown = await atRegistry('registry:nppes')
    stage.gateway.fail(problem(503, 'provider_unavailable'))
    await shown.fill(ada)
    expect(shown.error).toContain('is not available at the moment')
    await shown.fill({ ...ada, last_name: 'Near' })
    expect(shown.title).toBe('We are checking')
  })

  it('is one of the ways to choose', async () => {
    stage.gateway.paths = [['registry:nppes', 'email'], ['mock']]
    const shown = await stage.put()
    await shown.press('Agree')
    await shown.press('With a professional number')
    expect(shown.title).toBe('Your entry in the register')
    await shown.press('Back')
    expect(shown.title).toBe('How would you like to prove it?')
  })

  it('speaks German', async () => {
    stage.gateway.paths = [['registry:nppes']]
    document.documentElement.lang = 'de'
    const shown = await stage.put()
    await shown.press('Zustimmen')
    expect(shown.title).toBe('Ihr Eintrag im Register')
    expect(shown.text).toContain('Vorname')
  })
})

describe('check digit', () => {
  it.each([
    ['1234567893', true],
    ['123-456 7893', true],
    ['1234567890', false],
    ['12345678930', false],
    ['', false],
    ['１２３４５６７８９３', false],
  ])('%j is an NPI: %j', (text, valid) => expect(isNpi(text)).toBe(valid))
})
