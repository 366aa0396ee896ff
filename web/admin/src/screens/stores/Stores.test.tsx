import { screen } from '@testing-library/react'
import { expect, it } from 'vitest'
import { bare, session } from '../../testing/data'
import { Gateway, refuse } from '../../testing/gateway'
import { open } from '../../testing/render'

it('lets an operator make a store, and opens it', async () => {
  const { user, sent, router } = open('/stores')
  await user.click(await screen.findByRole('button', { name: 'New store' }))
  await user.type(await screen.findByLabelText(/^Name/), 'Toys')
  await user.click(screen.getByRole('button', { name: 'Create' }))
  await screen.findByText('Go live in five steps')
  expect(router.state.location.pathname).toContain(`/s/${bare}`)
  expect(sent('POST')[0]?.body).toMatchObject({ name: 'Toys', mode: 'test', currency: 'USD' })
  expect(sent('POST')[0]?.key).toMatch(/^[0-9a-f-]{36}$/)
})

it('shows a refusal at the field', async () => {
  const gateway = new Gateway()
  gateway.on('POST /stores', () => refuse(422, 'invalid', 'The store cannot be made.', [{ pointer: '#/timezone', detail: 'is not an IANA name' }]))
  const { user } = open('/stores', gateway)
  await user.click(await screen.findByRole('button', { name: 'New store' }))
  await user.type(await screen.findByLabelText(/^Name/), 'Toys')
  await user.click(screen.getByRole('button', { name: 'Create' }))
  expect(await screen.findByText('is not an IANA name')).toBeTruthy()
})

it('offers nobody else to make one', async () => {
  const gateway = new Gateway()
  gateway.session = { ...session, person: { ...session.person, operator: false } }
  open('/stores', gateway)
  await screen.findByRole('heading', { name: 'Books & more' })
  expect(screen.queryByRole('button', { name: 'New store' })).toBeNull()
})
