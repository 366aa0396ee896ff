import { screen, waitFor } from '@testing-library/react'
import { expect, it } from 'vitest'
import { bare, store } from '../../testing/data'
import { open } from '../../testing/render'

it('adds a tier', async () => {
  const { user, sent } = open(`/s/${store}/program`)
  await user.click(await screen.findByRole('button', { name: 'Add a tier' }))
  await user.type(screen.getByLabelText('Name of tier 4'), 'Laureate')
  await user.type(screen.getByLabelText('Short name of tier 4'), 'laureate')
  await user.clear(screen.getByLabelText('Points for tier 4'))
  await user.type(screen.getByLabelText('Points for tier 4'), '10,000')
  await user.click(screen.getByRole('button', { name: 'Save' }))
  await waitFor(() => expect(sent('PUT')).toHaveLength(1))
  const body = sent('PUT')[0]?.body as { version: number; tiers: unknown[] }
  expect(body.version).toBe(4)
  expect(body.tiers.at(-1)).toEqual({ id: 'laureate', name: 'Laureate', threshold: 10_000 })
})

it('starts a program where there is none', async () => {
  const { user, sent } = open(`/s/${bare}/program`)
  await user.type(await screen.findByRole('textbox', { name: /^Name( \*)?$/ }), 'Points')
  await user.click(screen.getByRole('button', { name: 'Save' }))
  await waitFor(() => expect(sent('PUT')[0]?.body).toMatchObject({ version: 0, name: 'Points', earn: [{ currency: 'EUR', points: 1, per_amount: 100 }] }))
})
