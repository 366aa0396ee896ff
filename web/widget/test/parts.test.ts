import { afterEach, describe, expect, it, vi } from 'vitest'
import { setStage } from './stage'

const stage = setStage()

const tries = vi.hoisted(() => ({ failing: 0, made: 0 }))

vi.mock('../src/steps/mock', async (original) => {
  const module = await original<typeof import('../src/steps/mock')>()
  // What a step's file holds is asked for once it is there: that it is not there is played here.
  return new Proxy(module, {
    get: (target, name: keyof typeof module) => {
      if (name !== 'mock') return target[name]
      if (tries.made++ < tries.failing) throw new TypeError('Failed to fetch dynamically imported module')
      return target.mock
    },
  })
})

afterEach(() => vi.useRealTimers())

describe('part that does not come', () => {
  it('is tried once more by itself, then said, then tried when asked', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true })
    tries.failing = 3
    const shown = await stage.put()
    await shown.press('Agree')
    shown.button('With a test name').click()
    await vi.advanceTimersByTimeAsync(1_100)
    await vi.waitFor(() => expect(shown.error).toContain('could not be loaded'))
    expect(tries.made).toBe(2)
    expect(stage.events).toContainEqual({ type: 'laurel-error', detail: expect.objectContaining({ code: 'part' }) as unknown })
    shown.button('Try again').click()
    await vi.advanceTimersByTimeAsync(1_100)
    await vi.waitFor(() => expect(shown.title).toBe('Test verification'))
    expect(tries.made).toBe(4)
  })
})
