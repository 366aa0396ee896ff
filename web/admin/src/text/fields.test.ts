import { expect, it, vi } from 'vitest'
import { Problem } from '../api/problem'
import { showOn, taken } from './fields'

it('puts each error onto the field that its pointer names', () => {
  const setErrors = vi.fn()
  const errors = [
    { pointer: '#/benefit/amount', detail: 'must be at least 1' },
    { pointer: '#/tiers/0/name', detail: 'is empty' },
  ]
  showOn({ setErrors }, new Problem({ status: 422, code: 'invalid', errors }))
  expect(setErrors).toHaveBeenCalledWith({ 'benefit.amount': 'must be at least 1', 'tiers.0.name': 'is empty' })
})

it('knows which pointers are fields of a form', () => {
  const fields = taken('name', 'benefit.')
  expect([fields('#/name'), fields('#/benefit/amount'), fields('#/names'), fields('#')]).toEqual([true, true, false, false])
})
