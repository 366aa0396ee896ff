import { screen } from '@testing-library/react'
import { expect, it } from 'vitest'
import { bare, store } from '../testing/data'
import { open } from '../testing/render'

it('leads through the screens of a store, and to another store', async () => {
  const { user, router } = open(`/s/${store}/keys`)
  await user.click(await screen.findByRole('link', { name: 'Offers' }))
  expect(await screen.findByRole('heading', { name: 'Offers' })).toBeTruthy()
  expect(screen.getByRole('link', { name: 'Offers' }).getAttribute('aria-current')).toBe('page')
  await user.click(screen.getByRole('button', { name: /Books & more/ }))
  await user.click(await screen.findByRole('menuitem', { name: /Fresh store/ }))
  await screen.findByText('Go live in five steps')
  expect(router.state.location.pathname).toContain(bare)
})

it('opens the store that was seen last', async () => {
  localStorage.setItem('laurel.store', bare)
  const { router } = open('/')
  await screen.findByText('Go live in five steps')
  expect(router.state.location.pathname).toContain(bare)
})
