import { screen, waitFor } from '@testing-library/react'
import { expect, it } from 'vitest'
import { store } from '../../testing/data'
import { Gateway, refuse } from '../../testing/gateway'
import { open } from '../../testing/render'

it('adds a person and shows the one-time password', async () => {
  const { user, sent } = open(`/s/${store}/people`)
  await user.click(await screen.findByRole('button', { name: 'Add a person' }))
  await user.type(await screen.findByLabelText(/^Email/), 'lin@shop.example')
  await user.type(screen.getByLabelText(/^Name/), 'Lin')
  await user.click(screen.getByLabelText('Analyst'))
  await user.click(screen.getAllByRole('button', { name: 'Add a person' }).at(-1)!)
  expect(await screen.findByText('correct-horse-battery')).toBeTruthy()
  expect(sent('POST')[0]?.body).toEqual({ email: 'lin@shop.example', name: 'Lin', role: 'analyst' })
})

it('changes a role, and says why when it may not be', async () => {
  const gateway = new Gateway()
  gateway.on('PUT people/:id', () => refuse(409, 'last_owner', 'A store needs an owner.'))
  const { user, sent } = open(`/s/${store}/people`, gateway)
  await user.selectOptions(await screen.findByLabelText('Role of Ada Lovelace'), 'analyst')
  await waitFor(() => expect(sent('PUT')[0]?.body).toEqual({ role: 'analyst' }))
  expect((await screen.findAllByText('A store needs an owner.')).length).toBeGreaterThan(0)
})
