// @vitest-environment node
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { scopes } from './scopes'

it('are those that the operations of the contract need', () => {
  const contract = readFileSync(join(import.meta.dirname, '../../../../../api/openapi.yaml'), 'utf8')
  const needed = [...contract.matchAll(/bounded scopes needs `([a-z_]+:[a-z]+)`/g)].map((match) => match[1])
  expect(scopes).toEqual([...new Set(needed)].toSorted())
})
