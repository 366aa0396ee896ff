import { screen } from '@testing-library/react'
import { expect, it } from 'vitest'
import { store } from '../../testing/data'
import { open } from '../../testing/render'

it('makes a decision once more, and shows its receipt', async () => {
  const { user } = open(`/s/${store}/verifications/ver_1`)
  expect(await screen.findByText('It comes out the same.')).toBeTruthy()
  expect(screen.getByText('Code by email: would not be given today (domain_stopped)')).toBeTruthy()
  await user.click(screen.getByRole('button', { name: 'Show the receipt' }))
  expect(screen.getByRole('region', { name: 'Receipt' }).textContent).toMatch(/^eyJ/)
})

it('tells what happened, what stood out, and of an objection', async () => {
  open(`/s/${store}/verifications/ver_3`)
  expect(await screen.findByText(/refused \(domain_abused\)/)).toBeTruthy()
  expect(screen.getByText('Nothing stands out.')).toBeTruthy()
  expect(screen.getByText(/waits in the review queue/)).toBeTruthy()
})
