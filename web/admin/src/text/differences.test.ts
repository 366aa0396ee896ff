import { expect, it } from 'vitest'
import { differences } from './differences'

it('finds what was changed, added and removed', () => {
  const before = { name: 'A', benefit: { type: 'percentage', basis_points: 1000 }, tags: ['x'], gone: true }
  const after = { name: 'A', benefit: { type: 'percentage', basis_points: 2000 }, tags: ['x', 'y'], fresh: 1 }
  expect(differences(before, after)).toEqual([
    { path: 'benefit.basis_points', before: '1000', after: '2000' },
    { path: 'fresh', before: null, after: '1' },
    { path: 'gone', before: 'true', after: null },
    { path: 'tags', before: 'x', after: 'x, y' },
  ])
})

it('takes everything as new when there was nothing', () => {
  expect(differences(undefined, { tiers: [{ id: 'gold' }] })).toEqual([{ path: 'tiers.0.id', before: null, after: 'gold' }])
})
