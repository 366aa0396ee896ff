import { expect, it } from 'vitest'
import type { RemoteInput } from '../../api/types'
import { draftOf, inputOf } from './draft'

const directory: RemoteInput = {
  id: 'staff',
  name: 'Staff directory',
  url: 'https://hr.shop.example/laurel',
  fields: [{ name: 'number', label: { en: 'Number' }, type: 'text', required: true }],
  classes: ['authority'],
  timeout_seconds: 4,
  max_tries: 3,
  reasons: { left_company: 'You have left: ask HR.' },
}

it('sends what it shows', () => {
  expect(inputOf(draftOf(directory))).toEqual(directory)
})

it('leaves out what is empty or no number', () => {
  const draft = { ...draftOf(directory), timeout: '', tries: 'many', classes: [], reasons: 'no colon here\n' }
  expect(Object.keys(inputOf(draft))).toEqual(['id', 'name', 'url', 'fields'])
})
