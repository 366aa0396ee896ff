import { screen } from '@testing-library/react'
import { expect, it } from 'vitest'
import { open } from '../testing/render'

it('leads back from an address that leads nowhere', async () => {
  open('/nowhere')
  expect(await screen.findByRole('heading', { name: 'There is no such page' })).toBeTruthy()
  expect(screen.getByRole('link', { name: 'Overview' }).getAttribute('href')).toBe('/admin/')
})
