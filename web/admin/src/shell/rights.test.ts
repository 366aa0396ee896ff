import { describe, expect, it } from 'vitest'
import { type Right, may, roles } from './rights'

describe('may', () => {
  it.each<[Right, string[]]>([
    ['keys', ['owner']],
    ['offers', ['owner', 'marketer']],
    ['members', ['owner', 'support']],
    ['attestations', ['owner', 'reviewer', 'support']],
  ])('%s', (right, allowed) => expect(roles.filter((role) => may(role, false, right))).toEqual(allowed))

  it('lets an operator do everything, and a stranger nothing', () => {
    expect(may(undefined, true, 'people')).toBe(true)
    expect(may(undefined, false, 'offers')).toBe(false)
  })
})
