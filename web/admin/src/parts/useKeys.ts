import { useEffect, useRef } from 'react'

/** Bindings are what keys do, by the key's name as browsers call it ("j", "ArrowRight", "?"). */
export type Bindings = Readonly<Record<string, (() => void) | undefined>>

const typed = 'input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable], [role=textbox], [role=menu], [role=listbox]'

/** isTyping tells whether a key that is pressed on an element belongs to that element. */
export function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(typed) !== null
}

/**
 * useKeys carries out what keys are bound to, while enabled: never while somebody types, together with a modifier key, or
 * behind a dialog, and Enter only where no button or link has the focus.
 */
export function useKeys(bindings: Bindings, enabled = true): void {
  const latest = useRef(bindings)
  useEffect(() => {
    latest.current = bindings
  })
  useEffect(() => {
    if (!enabled) return
    const press = (event: KeyboardEvent) => {
      const act = latest.current[event.key.length === 1 ? event.key.toLowerCase() : event.key]
      if (!act || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
      if (document.querySelector('[role=dialog]')) return
      if (event.key === 'Enter' && event.target instanceof Element && event.target.closest('a, button')) return
      event.preventDefault()
      act()
    }
    document.addEventListener('keydown', press)
    return () => document.removeEventListener('keydown', press)
  }, [enabled])
}
