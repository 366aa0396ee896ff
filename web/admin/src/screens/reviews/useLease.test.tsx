import { act, cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { clock, renewBelow, useLease } from './useLease'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => {
  cleanup()
  vi.useRealTimers()
})

function Countdown({ seconds, since, renew }: { seconds: number; since: number; renew: () => void }) {
  return <output>{clock(useLease(seconds, since, renew))}</output>
}

const pass = (seconds: number) => act(() => vi.advanceTimersByTime(seconds * 1000))

it('counts down to nothing', () => {
  render(<Countdown seconds={70} since={Date.now()} renew={vi.fn()} />)
  expect(screen.getByRole('status').textContent).toBe('1:10')
  pass(65)
  expect(screen.getByRole('status').textContent).toBe('0:05')
  pass(60)
  expect(screen.getByRole('status').textContent).toBe('0:00')
})

it('renews once for somebody who works, and not for somebody who left', () => {
  const renew = vi.fn()
  const since = Date.now()
  render(<Countdown seconds={900} since={since} renew={renew} />)
  pass(900 - renewBelow + 2)
  expect(renew).not.toHaveBeenCalled()
  fireEvent.keyDown(document, { key: 'x' })
  pass(30)
  expect(renew).toHaveBeenCalledTimes(1)
})
