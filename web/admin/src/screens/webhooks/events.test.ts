// @vitest-environment node
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { events } from './events'

it('are those that the gateway tells of', () => {
  const source = ['endpoint.go', 'health.go'].map((file) => readFileSync(join(import.meta.dirname, '../../../../../internal/webhook', file), 'utf8')).join('\n')
  const catalogue = /func Catalogue\(\) \[\]string \{([^}]*)\}/s.exec(source)?.[1] ?? ''
  const named = [...catalogue.matchAll(/"([a-z_.]+)"/g)].map((match) => match[1])
  const disabled = /DisabledEvent\s*=\s*"([a-z_.]+)"/.exec(source)?.[1]
  expect(events.toSorted()).toEqual([...named, disabled].toSorted())
})
