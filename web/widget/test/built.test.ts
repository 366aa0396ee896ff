// @vitest-environment node
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'

const dist = join(import.meta.dirname, '../../dist/widget')
const widget = readFileSync(join(dist, 'widget.js'))

const parts = readdirSync(join(dist, 'widget'))
const zipped = (bytes: Buffer) => gzipSync(bytes, { level: 9 }).byteLength

/** The most that a file may weigh, gzipped. Languages have all texts; a step has its own English ones. */
const limits: Record<string, number> = {
  document: 6_500,
  sso: 3_000,
  email: 2_000,
  refused: 2_000,
  success: 2_000,
  registry: 1_500,
  remote: 1_500,
  pending: 1_500,
  mock: 600,
  de: 6_000,
}

describe('built widget', () => {
  it('is at most 15 KB gzipped with one language', () => {
    expect(zipped(widget)).toBeLessThanOrEqual(15_000)
  })

  it('loads steps and languages apart, each under a name that changes with it', () => {
    expect(parts.map((name) => name.replace(/-[\w-]{8}\.js$/, '')).sort()).toEqual(Object.keys(limits).sort())
    const text = widget.toString()
    for (const name of parts) expect(text).toContain(`./widget/${name}`)
    expect(text).not.toContain('Zustimmen')
    expect(text).not.toContain('Hand in')
  })

  it.each(Object.entries(limits))('%s is at most %d bytes gzipped', (name, most) => {
    const file = parts.find((each) => each.startsWith(`${name}-`)) ?? ''
    expect(zipped(readFileSync(join(dist, 'widget', file)))).toBeLessThanOrEqual(most)
  })

  it('needs one more file for a step, and no more', () => {
    for (const name of parts) {
      const text = readFileSync(join(dist, 'widget', name), 'utf8')
      const taken = [...text.matchAll(/(?:from|import)\s*["'`]([^"'`]+)["'`]/g)].map(([, from]) => from)
      expect(new Set([...taken, '../widget.js']), name).toEqual(new Set(['../widget.js']))
    }
  })

  it('evaluates no text as code and names no other host', () => {
    for (const text of [widget, ...parts.map((name) => readFileSync(join(dist, 'widget', name)))]) {
      expect(text.toString()).not.toMatch(/\beval\(|new Function|https?:\/\/[a-z]/)
    }
  })
})
