import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { languages } from '../text/language'
import { isMessage, messages } from '.'

const holes = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).toSorted()

describe.each(Object.entries(messages))('%s', (_, texts) => {
  it('is there in every language, with the same holes', () => {
    expect(texts).toHaveLength(languages.length)
    for (const text of texts) {
      expect(text.trim()).not.toBe('')
      expect(holes(text)).toEqual(holes(texts[0]))
    }
  })
})

it('has no key twice', () => {
  const keys = readdirSync(__dirname)
    .filter((file) => file.endsWith('.ts') && !file.includes('.test.'))
    .flatMap((file) => [...readFileSync(join(__dirname, file), 'utf8').matchAll(/^ {2}(?:'([^']+)'|(\w+)): \[/gm)].map((m) => m[1] ?? m[2]))
  expect(keys.length).toBe(Object.keys(messages).length)
})

it('knows its names', () => {
  expect(isMessage('state.live')).toBe(true)
  expect(isMessage('state.of-another-world')).toBe(false)
})
