import { fireEvent, screen, waitFor } from '@testing-library/react'
import { expect, it } from 'vitest'
import { store } from '../../testing/data'
import { open } from '../../testing/render'
import { examples, joined } from './examples'

it('marks what is wrong where it stands, and goes there', async () => {
  const { user } = open(`/s/${store}/offers/off_1`)
  const rule = await screen.findByLabelText<HTMLTextAreaElement>('Rule')
  fireEvent.change(rule, { target: { value: 'cart.quantity > 1 &&\ncart.subtotl > 5' } })
  const place = await screen.findByRole('button', { name: 'Line 2, column 6' })
  expect(screen.getByText("undefined field 'subtotl'", { exact: false })).toBeTruthy()
  expect(screen.getByText('subtotl', { selector: 'mark' })).toBeTruthy()
  expect(rule.getAttribute('aria-invalid')).toBe('true')
  await user.click(place)
  expect(rule.value.slice(rule.selectionStart, rule.selectionEnd)).toBe('subtotl')
})

it('says that a rule is sound', async () => {
  open(`/s/${store}/offers/off_1`)
  fireEvent.change(await screen.findByLabelText('Rule'), { target: { value: 'cart.quantity > 1' } })
  expect(await screen.findByText('This rule can be saved.')).toBeTruthy()
})

it('puts names and examples into the rule', async () => {
  const { user } = open(`/s/${store}/offers/off_3`)
  const rule = await screen.findByLabelText<HTMLTextAreaElement>('Rule')
  await user.click(screen.getByText('Examples'))
  await user.click(screen.getByRole('button', { name: examples['rule.example.quantity'] }))
  await user.click(screen.getByText('What a rule can name'))
  rule.setSelectionRange(0, 0)
  await user.click(await screen.findByRole('button', { name: 'cart.subtotal' }))
  await waitFor(() => expect(rule.value).toBe('cart.subtotalcart.quantity >= 3'))
})

it('joins rules so that both hold', () => {
  expect(joined('', 'a')).toBe('a')
  expect(joined('a', 'b')).toBe('a &&\nb')
  expect(joined('a || b', 'c || d')).toBe('(a || b) &&\n(c || d)')
  expect(joined('a // why', 'b')).toBe('(a // why\n) &&\nb')
})
