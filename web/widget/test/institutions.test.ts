import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { problem } from './fake-gateway'
import { setStage, type Shown } from './stage'

const stage = setStage()

const places = ['Universität München', 'Universidad de Málaga', 'Université de Genève', 'Łódź College', 'Demo University']
const all = places.map((name, i) => ({ id: `place-${i}`, name }))

beforeEach(() => {
  vi.useFakeTimers({ shouldAdvanceTime: true })
  stage.gateway.paths = [...all.map(({ id }) => [`oidc:${id}`]), ['email']]
  stage.gateway.institutions = { data: all, next_cursor: null }
})
afterEach(() => vi.useRealTimers())

async function atSearch(): Promise<Shown> {
  const shown = await stage.put()
  await shown.press('Agree')
  await shown.press('Sign in at your school')
  return shown
}

const box = (shown: Shown) => shown.find<HTMLInputElement>('[role=combobox]')
const options = (shown: Shown) => [...shown.root.querySelectorAll('[role=option]')].map((each) => each.textContent?.trim())
const searches = () => stage.gateway.calls('institutions').map(({ query }) => query.get('q'))

async function type(shown: Shown, text: string): Promise<void> {
  await shown.type(text)
  await vi.advanceTimersByTimeAsync(250)
  await shown.settled()
}

async function press(shown: Shown, key: string): Promise<KeyboardEvent> {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true })
  box(shown).dispatchEvent(event)
  await shown.settled()
  return event
}

describe('search for a place', () => {
  it('stands for all places among the ways, and few places stay buttons', async () => {
    stage.gateway.paths = [['oidc:place-0'], ['oidc:place-1'], ['email']]
    stage.gateway.storefront.providers = all
    const few = await stage.put()
    await few.press('Agree')
    expect(few.text).toContain('Sign in with Universität München')
    expect(few.text).not.toContain('at your school')
  })

  it('asks once for what is typed in one go, within the group', async () => {
    const shown = await atSearch()
    for (const text of ['u', 'un', 'uni']) await shown.type(text)
    await vi.advanceTimersByTimeAsync(250)
    expect(searches()).toEqual(['uni'])
    expect(stage.gateway.calls('institutions')[0]?.query.get('group')).toBe('student')
  })

  it('is a combobox that says what it found', async () => {
    const shown = await atSearch()
    expect(box(shown).getAttribute('aria-expanded')).toBe('false')
    stage.gateway.institutions = { data: all.slice(0, 2), next_cursor: null }
    await type(shown, 'univ')
    expect(box(shown).getAttribute('aria-expanded')).toBe('true')
    expect(box(shown).getAttribute('aria-controls')).toBe(shown.find('[role=listbox]').id)
    expect(options(shown)).toEqual(places.slice(0, 2))
    expect(shown.find('form [role=status]').textContent).toBe('2 places found.')
  })

  it('is worked with the arrow keys, round and back to the field', async () => {
    const shown = await atSearch()
    await type(shown, 'u')
    const at = () => box(shown).getAttribute('aria-activedescendant')
    expect(at()).toBeNull()
    expect((await press(shown, 'ArrowDown')).defaultPrevented).toBe(true)
    expect(at()).toBe('place-0')
    await press(shown, 'ArrowUp')
    expect(at()).toBeNull()
    await press(shown, 'ArrowUp')
    expect(at()).toBe('place-4')
    expect(shown.root.querySelectorAll('[aria-selected=true]')).toHaveLength(1)
    await press(shown, 'Escape')
    expect(box(shown).getAttribute('aria-expanded')).toBe('false')
  })

  it('signs in at what was chosen', async () => {
    const assign = vi.spyOn(location, 'assign').mockImplementation(() => {})
    const shown = await atSearch()
    await type(shown, 'demo')
    await press(shown, 'ArrowUp')
    await press(shown, 'Enter')
    expect(box(shown).value).toBe('Demo University')
    expect(stage.gateway.calls('steps/sso')).toHaveLength(0)
    await shown.submit()
    expect(stage.gateway.calls('steps/sso')[0]?.body).toMatchObject({ provider: 'place-4' })
    expect(assign).toHaveBeenCalled()
  })

  it('refuses to go on without a choice, until something is typed', async () => {
    const shown = await atSearch()
    await type(shown, 'muni')
    await shown.submit()
    expect(shown.error).toContain('choose a place from the list')
    expect(box(shown).getAttribute('aria-invalid')).toBe('true')
    await type(shown, 'mun')
    expect(shown.error).toBe('')
  })

  it('says what to do when there is nothing, and when there is more', async () => {
    const shown = await atSearch()
    stage.gateway.institutions = { data: [], next_cursor: null }
    await type(shown, 'nowhere')
    expect(shown.find('form [role=status]').textContent).toContain('choose another way')
    expect(shown.button('Back')).toBeTruthy()
    stage.gateway.institutions = { data: all.slice(0, 3), next_cursor: 'place-2' }
    await type(shown, 'u')
    expect(shown.find('form [role=status]').textContent).toContain('The first 3 places')
  })

  it('leaves out what was given up', async () => {
    const shown = await atSearch()
    stage.gateway.institutions = { data: [...all, { id: 'elsewhere', name: 'Elsewhere' }], next_cursor: null }
    await type(shown, 'e')
    expect(options(shown)).not.toContain('Elsewhere')
  })

  it('shows the answer to the last question only, and an error of the network', async () => {
    const shown = await atSearch()
    stage.gateway.fail('offline')
    await type(shown, 'u')
    expect(shown.error).toContain('No connection')
    await type(shown, 'un')
    expect(options(shown)).toHaveLength(5)
    stage.gateway.fail(problem(429, 'rate_limited'))
    await type(shown, 'uni')
    expect(shown.error).toContain('busy')
  })

  it('is the step itself when there is no other way', async () => {
    stage.gateway.paths = all.map(({ id }) => [`oidc:${id}`])
    const shown = await stage.put()
    await shown.press('Agree')
    expect(shown.title).toBe('Where do you study or work?')
  })
})
