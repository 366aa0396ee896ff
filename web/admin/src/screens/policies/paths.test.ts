import { expect, it } from 'vitest'
import { ask, drop, move } from './paths'

it('asks for more, once', () => {
  expect(ask([['email'], ['oidc:x']], 1, 'email')).toEqual([['email'], ['oidc:x', 'email']])
  expect(ask([['email']], 0, 'email')).toEqual([['email']])
})

it('drops a requirement from one path only', () => {
  expect(drop([['email', 'mock'], ['mock']], 0, 'mock')).toEqual([['email'], ['mock']])
})

it('moves a path, and not past the ends', () => {
  expect(move([['a'], ['b']], 1, -1)).toEqual([['b'], ['a']])
  expect(move([['a'], ['b']], 0, -1)).toEqual([['a'], ['b']])
  expect(move([['a'], ['b']], 1, 1)).toEqual([['a'], ['b']])
})
