import { screen } from '@testing-library/react'
import { expect, it } from 'vitest'
import { store } from '../../testing/data'
import { open } from '../../testing/render'

it('names who did it, and shows before and after', async () => {
  const { user } = open(`/s/${store}/audit`)
  await screen.findByText('offer.updated')
  expect((await screen.findAllByText('Ada Lovelace')).length).toBeGreaterThan(1)
  await user.click(screen.getByRole('button', { name: 'Changes of offer.updated' }))
  expect(await screen.findByText('benefit.basis_points')).toBeTruthy()
})
