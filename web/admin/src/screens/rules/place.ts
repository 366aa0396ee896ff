/** Stretch is a part of a text, from one place up to another. */
export interface Stretch {
  from: number
  to: number
}

/** stretchAt finds what stands at a line and a character of it, both from 1: the word there, else one character. */
export function stretchAt(text: string, line: number, column: number): Stretch {
  const lines = text.split('\n')
  const row = Math.min(Math.max(line, 1), lines.length) - 1
  const start = lines.slice(0, row).reduce((sum, before) => sum + before.length + 1, 0)
  const words = lines[row] ?? ''
  // The server counts characters, the browser halves of them.
  const characters = [...words]
  const at = characters.slice(0, Math.max(column, 1) - 1).join('').length
  // What is wrong with a field is said of the dot before it.
  const word = /^\.?[\p{L}\p{N}_]+/u.exec(words.slice(at))?.[0] ?? characters[Math.max(column, 1) - 1] ?? ''
  return { from: start + at, to: start + at + word.length }
}

/** Piece is a part of a text that is marked, or not. */
export interface Piece {
  text: string
  marked: boolean
}

/** pieces cuts a text at the stretches. What overlaps is marked once. */
export function pieces(text: string, stretches: readonly Stretch[]): Piece[] {
  const out: Piece[] = []
  let at = 0
  for (const { from, to } of stretches.toSorted((a, b) => a.from - b.from)) {
    const begin = Math.max(from, at)
    if (to <= begin) continue
    if (begin > at) out.push({ text: text.slice(at, begin), marked: false })
    out.push({ text: text.slice(begin, to), marked: true })
    at = to
  }
  if (at < text.length) out.push({ text: text.slice(at), marked: false })
  return out
}

/** plainDetail is an error's text without the place that it begins with: the editor says that itself. */
export function plainDetail(detail: string): string {
  return detail.replace(/^line \d+, column \d+: /, '')
}
