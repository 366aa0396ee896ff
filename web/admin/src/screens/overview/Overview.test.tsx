import { screen } from '@testing-library/react'
import { expect, it } from 'vitest'
import { bare, store } from '../../testing/data'
import { open } from '../../testing/render'

it('shows the figures, and asks for another time span', async () => {
  const { user, sent, router } = open(`/s/${store}`)
  expect(await screen.findByText('$2,843.50')).toBeTruthy()
  expect(screen.getByText('81,200')).toBeTruthy()
  await user.click(screen.getByText('7 days'))
  await screen.findByText('$2,843.50')
  expect(router.state.location.search).toEqual({ days: '7' })
  expect(sent('GET').some((call) => call.path.endsWith('/overview?days=7'))).toBe(true)
})

it('leads a new store through the first steps', async () => {
  open(`/s/${bare}`)
  expect(await screen.findByText('0 of 5 done')).toBeTruthy()
  expect(screen.getByRole('link', { name: 'Open: Create a publishable and a secret key' }).getAttribute('href')).toBe(`/admin/s/${bare}/keys`)
  expect(screen.getByText(/It appears here/)).toBeTruthy()
})

it('speaks German', async () => {
  open(`/s/${bare}`, undefined, 'de')
  expect(await screen.findByText('0 von 5 erledigt')).toBeTruthy()
  expect(document.documentElement.lang).toBe('de')
})
