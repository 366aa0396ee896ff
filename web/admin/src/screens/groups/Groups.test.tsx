import { screen, waitFor } from '@testing-library/react'
import { expect, it } from 'vitest'
import { store } from '../../testing/data'
import { open } from '../../testing/render'

it('shows what each policy asks for', async () => {
  open(`/s/${store}/groups`)
  expect(await screen.findByRole('link', { name: 'Students – University' })).toBeTruthy()
  expect((await screen.findAllByText('Sign-in: Demo University')).length).toBe(1)
  expect(await screen.findByText('365 days, until 09-30')).toBeTruthy()
})

it('adds a group of the store’s own', async () => {
  const { user, sent } = open(`/s/${store}/groups`)
  await user.click(await screen.findByRole('button', { name: 'New group' }))
  await user.type(await screen.findByLabelText(/^Short name/), 'club')
  await user.type(screen.getByLabelText('Label (English)'), 'Club')
  await user.type(screen.getByLabelText(/^Subgroups/), 'gold_card')
  await user.click(screen.getByRole('button', { name: 'Create' }))
  await waitFor(() => expect(sent('POST')[0]?.body).toEqual({ group: 'club', label: { en: 'Club' }, subgroups: [{ subgroup: 'gold_card', label: { en: 'gold card' } }] }))
})
