import { useCallback, useState } from 'react'

const remembered = 'laurel.shortcuts'

/** useShortcuts tells whether single keys act on the review desk. Who dictates or types by accident switches them off. */
export function useShortcuts(): [on: boolean, set: (on: boolean) => void] {
  const [on, setOn] = useState(() => localStorage.getItem(remembered) !== 'off')
  const set = useCallback((next: boolean) => {
    localStorage.setItem(remembered, next ? 'on' : 'off')
    setOn(next)
  }, [])
  return [on, set]
}
