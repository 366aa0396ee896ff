import { useEffect, useRef, useState } from 'react'

/** renewBelow is when a lease is renewed for somebody who is at work, in seconds; warnBelow when the rest is told. */
export const renewBelow = 5 * 60
export const warnBelow = 2 * 60

/** atWork is how long after a movement somebody counts as being at work, in milliseconds. */
const atWork = 60_000

/**
 * useLease counts down the seconds of a lease that was read just now, and renews it while somebody is at work. since
 * changes with every reading.
 */
export function useLease(seconds: number, since: number, renew: () => void): number {
  const [left, setLeft] = useState(seconds)
  const moved = useRef(Date.now())
  const asked = useRef(0)
  const latest = useRef(renew)
  useEffect(() => {
    latest.current = renew
  })
  useEffect(() => {
    const note = () => {
      moved.current = Date.now()
    }
    const kinds = ['keydown', 'pointerdown', 'pointermove'] as const
    for (const kind of kinds) document.addEventListener(kind, note)
    return () => {
      for (const kind of kinds) document.removeEventListener(kind, note)
    }
  }, [])
  useEffect(() => {
    const tick = () => {
      const rest = Math.max(0, Math.round(seconds - (Date.now() - since) / 1000))
      setLeft(rest)
      if (rest > 0 && rest < renewBelow && asked.current !== since && Date.now() - moved.current < atWork) {
        asked.current = since
        latest.current()
      }
    }
    tick()
    const timer = setInterval(tick, 1000)
    return () => clearInterval(timer)
  }, [seconds, since])
  return left
}

/** clock writes seconds as minutes and seconds: "14:05". */
export function clock(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}
