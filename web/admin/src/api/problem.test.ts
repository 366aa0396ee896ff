import { describe, expect, it } from 'vitest'
import { Problem, isProblem, pointerPath } from './problem'

describe('pointerPath', () => {
  it.each([
    ['#/name', 'name'],
    ['#/benefit/basis_points', 'benefit.basis_points'],
    ['#/paths/0/1', 'paths.0.1'],
    ['#/text/a~1b~0c', 'text.a/b~c'],
    ['#', ''],
  ])('%s is %s', (pointer, path) => expect(pointerPath(pointer)).toBe(path))
})

describe('isProblem', () => {
  it('looks at the code', () => {
    const problem = new Problem({ status: 409, code: 'version_conflict' })
    expect(isProblem(problem)).toBe(true)
    expect(isProblem(problem, 'version_conflict')).toBe(true)
    expect(isProblem(problem, 'not_found')).toBe(false)
    expect(isProblem(new Error('x'))).toBe(false)
  })
})
