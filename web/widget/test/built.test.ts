// @vitest-environment node
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'

const dist = join(import.meta.dirname, '../../dist/widget')
const widget = readFileSync(join(dist, 'widget.js'))

describe('built widget', () => {
  it('is at most 15 KB gzipped with one language', () => {
    expect(gzipSync(widget, { level: 9 }).byteLength).toBeLessThanOrEqual(15_000)
  })

  it('loads German apart and nothing else', () => {
    expect(readdirSync(join(dist, 'widget'))).toEqual(['de.js'])
    expect(widget.toString()).toContain('./widget/de.js')
    expect(widget.toString()).not.toContain('Zustimmen')
  })

  it('evaluates no text as code and names no other host', () => {
    const text = widget.toString()
    expect(text).not.toMatch(/\beval\(|new Function|https?:\/\/[a-z]/)
  })
})
