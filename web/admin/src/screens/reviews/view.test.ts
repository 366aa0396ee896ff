import { expect, it } from 'vitest'
import { moved, transform, turned, whole, zoomed } from './view'

const frame = { width: 400, height: 300 }

it('keeps the point under the pointer where it is', () => {
  const at = { x: 60, y: -40 }
  const view = zoomed(whole, 2, frame, at)
  // The point of the picture that was at the pointer: (at - offset) / scale.
  expect([(at.x - view.x) / view.scale, (at.y - view.y) / view.scale]).toEqual([60, -40])
})

it('never shows less than the whole, nor more than eight times, nor beside the picture', () => {
  expect(zoomed(whole, 0.1, frame)).toEqual(whole)
  expect(zoomed(whole, 99, frame).scale).toBe(8)
  expect(moved(whole, 50, 50, frame)).toEqual(whole)
  const large = moved(zoomed(whole, 2, frame), 9999, -9999, frame)
  expect([large.x, large.y]).toEqual([200, -150])
  expect(zoomed(large, 0.5, frame)).toEqual(whole)
})

it('turns around', () => {
  const view = turned(zoomed(whole, 3, frame))
  expect(view).toEqual({ ...whole, turn: 90 })
  expect(turned(turned(turned(view)))).toEqual(whole)
  expect(transform(view, frame)).toBe('translate(0px, 0px) scale(0.75) rotate(90deg)')
})
