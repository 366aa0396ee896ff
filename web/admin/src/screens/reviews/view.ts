/** View is how a picture lies in its frame: enlarged, moved from the middle by pixels, and turned by quarters. */
export interface View {
  scale: number
  x: number
  y: number
  turn: 0 | 90 | 180 | 270
}

/** whole shows all of a picture. */
export const whole: View = { scale: 1, x: 0, y: 0, turn: 0 }

const most = 8

/** Frame is the size of the frame in pixels. */
export interface Frame {
  width: number
  height: number
}

/** kept moves a view so far back that the picture still fills the frame's middle. */
function kept(view: View, frame: Frame): View {
  const room = (size: number) => (size * (view.scale - 1)) / 2
  // Adding zero makes 0 of -0.
  const within = (at: number, limit: number) => Math.min(limit, Math.max(-limit, at)) + 0
  return { ...view, x: within(view.x, room(frame.width)), y: within(view.y, room(frame.height)) }
}

/** zoomed enlarges by a factor around a point, given from the frame's middle: what is there stays there. */
export function zoomed(view: View, factor: number, frame: Frame, at = { x: 0, y: 0 }): View {
  const scale = Math.min(most, Math.max(1, view.scale * factor))
  const by = scale / view.scale
  return kept({ ...view, scale, x: at.x - (at.x - view.x) * by, y: at.y - (at.y - view.y) * by }, frame)
}

/** moved shifts a view by pixels. */
export function moved(view: View, x: number, y: number, frame: Frame): View {
  return kept({ ...view, x: view.x + x, y: view.y + y }, frame)
}

/** turned turns a view by a quarter, and shows the whole picture again. */
export function turned(view: View): View {
  return { ...whole, turn: ((view.turn + 90) % 360) as View['turn'] }
}

/** transform is a view as CSS. A picture that lies on its side is made to fit the frame. */
export function transform(view: View, frame: Frame): string {
  const side = view.turn % 180 !== 0
  const fit = side && frame.width > 0 && frame.height > 0 ? Math.min(frame.width / frame.height, frame.height / frame.width) : 1
  return `translate(${view.x}px, ${view.y}px) scale(${view.scale * fit}) rotate(${view.turn}deg)`
}
