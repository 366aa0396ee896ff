import { screen } from '@testing-library/react'
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
  expect(screen.getAllByText('-$4.99')).toHaveLength(1)
  expect(screen.getByText('-$17.99')).toBeTruthy()
  expect(screen.getByText('r-1')).toBeTruthy()
})
