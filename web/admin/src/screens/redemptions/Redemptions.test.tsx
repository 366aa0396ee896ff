import { screen, within } from '@testing-library/react'
import { expect, it } from 'vitest'
import { store } from '../../testing/data'
import { open } from '../../testing/render'

it('filters by what stands in the address', async () => {
  const { sent } = open(`/s/${store}/redemptions?order_id=2041&customer=c-1001`)
  expect(await screen.findByText('o-2041')).toBeTruthy()
  expect(sent('GET').some((call) => call.path.endsWith('/redemptions?order_id=2041&customer=c-1001'))).toBe(true)
})

it('shows each offer’s share of each line', async () => {
  open(`/s/${store}/redemptions/rdm_2`)
  expect(await screen.findByText('atlas-of-trees')).toBeTruthy()
  expect(screen.getByText('-$10.00')).toBeTruthy()
  const applied = screen.getByRole('table', { name: 'Offers used' })
  expect(within(applied).getByText('-$4.99')).toBeTruthy()
  expect(screen.getByText('-$17.99')).toBeTruthy()
  expect(screen.getByText('r-1')).toBeTruthy()
})

it('tells of each offer why it applied', async () => {
  open(`/s/${store}/redemptions/rdm_1`)
  expect(await screen.findByRole('heading', { name: '20 % for students, version 2' })).toBeTruthy()
  const [trace] = screen.getAllByRole('list', { name: 'Every condition' })
  const minimum = within(trace!).getByText('Minimum order').closest('li')!
  expect(minimum.textContent).toBe('holdsMinimum orderSaw$65.00Wantsat least $25.00')
  expect(within(trace!).getByText('cart.quantity >= 2')).toBeTruthy()
  expect(within(trace!).getByText('4')).toBeTruthy()
})
