import { type Dispatch, type KeyboardEvent, type PointerEvent, type RefObject, type SetStateAction, useEffect, useRef } from 'react'
import { type Frame, type View, moved, turned, whole, zoomed } from './view'

const step = 60
const slip = 5

/** spot is where an event is, from the frame's middle. */
function spot(element: Element, event: { clientX: number; clientY: number }) {
  const box = element.getBoundingClientRect()
  return { x: event.clientX - box.left - box.width / 2, y: event.clientY - box.top - box.height / 2 }
}

const frameOf = (element: Element | null): Frame => ({ width: element?.clientWidth ?? 0, height: element?.clientHeight ?? 0 })

/**
 * useGestures lets a picture be moved by dragging, enlarged by two fingers, by the wheel with Ctrl, and by pressing on
 * a spot, and all of it by keys.
 */
export function useGestures(frame: RefObject<HTMLDivElement | null>, view: View, setView: Dispatch<SetStateAction<View>>) {
  const fingers = useRef(new Map<number, { x: number; y: number }>())
  const dragged = useRef(0)
  useEffect(() => {
    const element = frame.current
    if (!element) return
    // The wheel alone scrolls the page. React's own listener could not keep the browser from zooming the page.
    const wheel = (event: WheelEvent) => {
      if (!event.ctrlKey) return
      event.preventDefault()
      setView((old) => zoomed(old, Math.exp(-event.deltaY / 200), frameOf(element), spot(element, event)))
    }
    element.addEventListener('wheel', wheel, { passive: false })
    return () => element.removeEventListener('wheel', wheel)
  }, [frame, setView])

  const gap = () => {
    const [a, b] = [...fingers.current.values()]
    return a && b ? Math.hypot(a.x - b.x, a.y - b.y) : 0
  }
  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId)
    fingers.current.set(event.pointerId, { x: event.clientX, y: event.clientY })
    dragged.current = fingers.current.size > 1 ? slip + 1 : 0
  }
  const onPointerMove = (event: PointerEvent<HTMLDivElement>) => {
    const before = fingers.current.get(event.pointerId)
    if (!before) return
    const wide = gap()
    fingers.current.set(event.pointerId, { x: event.clientX, y: event.clientY })
    const size = frameOf(event.currentTarget)
    const at = spot(event.currentTarget, event)
    dragged.current += Math.hypot(event.clientX - before.x, event.clientY - before.y)
    if (wide > 0) setView((old) => zoomed(old, gap() / wide, size, at))
    else setView((old) => moved(old, event.clientX - before.x, event.clientY - before.y, size))
  }
  const onPointerUp = (event: PointerEvent<HTMLDivElement>) => {
    if (!fingers.current.delete(event.pointerId) || dragged.current > slip) return
    const size = frameOf(event.currentTarget)
    const at = spot(event.currentTarget, event)
    setView((old) => (old.scale > 1 ? { ...whole, turn: old.turn } : zoomed(old, 2.5, size, at)))
  }
  const onPointerCancel = (event: PointerEvent<HTMLDivElement>) => {
    fingers.current.delete(event.pointerId)
    dragged.current = slip + 1
  }
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const size = frameOf(event.currentTarget)
    const acts: Record<string, (old: View) => View> = {
      '+': (old) => zoomed(old, 1.4, size),
      '=': (old) => zoomed(old, 1.4, size),
      '-': (old) => zoomed(old, 1 / 1.4, size),
      0: (old) => ({ ...whole, turn: old.turn }),
    }
    if (view.scale > 1) {
      acts.ArrowLeft = (old) => moved(old, step, 0, size)
      acts.ArrowRight = (old) => moved(old, -step, 0, size)
      acts.ArrowUp = (old) => moved(old, 0, step, size)
      acts.ArrowDown = (old) => moved(old, 0, -step, size)
    }
    const act = acts[event.key]
    if (!act) return
    event.preventDefault()
    event.stopPropagation()
    setView(act)
  }
  return {
    on: { onPointerDown, onPointerMove, onPointerUp, onPointerCancel, onKeyDown },
    larger: () => setView((old) => zoomed(old, 1.4, frameOf(frame.current))),
    smaller: () => setView((old) => zoomed(old, 1 / 1.4, frameOf(frame.current))),
    fit: () => setView((old) => ({ ...whole, turn: old.turn })),
    turn: () => setView(turned),
    /** toggle shows the whole picture, or the middle of it enlarged. */
    toggle: () => setView((old) => (old.scale > 1 ? { ...whole, turn: old.turn } : zoomed(old, 2.5, frameOf(frame.current)))),
  }
}
