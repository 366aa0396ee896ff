import { screen, waitFor, within } from '@testing-library/react'
import { expect, it } from 'vitest'
import { store } from '../../testing/data'
import { Gateway, refuse } from '../../testing/gateway'
import { open } from '../../testing/render'

it('tries the offer as it stands in the form, unsaved', async () => {
  const { user, sent } = open(`/s/${store}/offers/off_1`)
  const discount = await screen.findByLabelText(/^Discount/)
  await user.clear(discount)
  await user.type(discount, '10')
  await user.click(screen.getByRole('button', { name: 'Try it' }))
  const trace = await screen.findByRole('list', { name: 'Every condition' })
  const call = sent('POST').find((each) => each.path.endsWith('/offers/try'))
  expect(call?.body).toMatchObject({ offer: { benefit: { basis_points: 1000 } }, cart: { currency: 'USD', lines: [{ unit_amount: 5000 }] }, attestation: { group: 'student' } })
  expect(call?.key).toBeNull()
  expect(sent('PUT')).toHaveLength(0)
  const minimum = within(trace).getByText('Minimum order').closest('li')!
  expect(within(minimum).getByText('at least $25.00')).toBeTruthy()
  expect(within(minimum).getByText('holds')).toBeTruthy()
  expect(within(trace).getAllByText('does not hold').length).toBeGreaterThan(0)
  expect(screen.getByText('The condition of the offer is not met.')).toBeTruthy()
})

it('puts what is wrong with the offer at the offer’s field, and with the cart at the cart’s', async () => {
  const gateway = new Gateway()
  const errors = [
    { pointer: '#/offer/benefit/maximum', detail: 'must be at least 0' },
    { pointer: '#/cart/lines/0/quantity', detail: 'must be at least 1' },
  ]
  gateway.on('POST offers/try', () => refuse(422, 'invalid', 'No.', errors))
  const { user } = open(`/s/${store}/offers/off_1`, gateway)
  await user.click(await screen.findByRole('button', { name: 'Try it' }))
  expect(await screen.findByText('must be at least 0')).toBeTruthy()
  expect(screen.getByText('must be at least 1')).toBeTruthy()
})

it('adds and removes lines', async () => {
  const { user, sent } = open(`/s/${store}/offers/off_1`)
  await user.click(await screen.findByRole('button', { name: 'Add a line' }))
  await user.type(screen.getAllByLabelText(/^Unit price/)[1]!, '3.50')
  await user.click(screen.getByRole('button', { name: 'Remove line 1' }))
  await user.click(screen.getByRole('button', { name: 'Try it' }))
  await waitFor(() => expect(sent('POST').at(-1)?.body).toMatchObject({ cart: { lines: [{ line_id: 'l1', quantity: 1, unit_amount: 350 }] } }))
})
