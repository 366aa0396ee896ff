import { screen, waitFor } from '@testing-library/react'
import { expect, it } from 'vitest'
import { session, store } from '../../testing/data'
import { Gateway, refuse } from '../../testing/gateway'
import { open } from '../../testing/render'
import { lines, listed } from './lists'

it('sends origins line by line, with the version', async () => {
  const { user, sent } = open(`/s/${store}/settings`)
  await user.type(await screen.findByRole('textbox', { name: 'Allowed origins' }), '\n https://other.example ')
  await user.click(screen.getByRole('button', { name: 'Save' }))
  await waitFor(() => expect(sent('PATCH')[0]?.body).toMatchObject({ version: 3, origins: ['https://shop.example', 'https://other.example'], locales: ['en', 'de'] }))
})

it('changes what tokens are signed by', async () => {
  const { user, sent } = open(`/s/${store}/settings`)
  await user.selectOptions(await screen.findByLabelText('Signature algorithm'), 'RS256')
  await user.click(screen.getByRole('button', { name: 'Save' }))
  await waitFor(() => expect(sent('PATCH')[0]?.body).toMatchObject({ version: 3, token_algorithm: 'RS256' }))
})

it('shows a refused origin at its field', async () => {
  const gateway = new Gateway()
  gateway.on(`PATCH /stores/${store}`, () => refuse(422, 'invalid', 'No.', [{ pointer: '#/origins/0', detail: 'must be https' }]))
  const { user } = open(`/s/${store}/settings`, gateway)
  await user.click(await screen.findByRole('button', { name: 'Save' }))
  expect(await screen.findByText('must be https')).toBeTruthy()
})

it('is for owners to change', async () => {
  const gateway = new Gateway()
  gateway.session = { person: { ...session.person, operator: false }, stores: [{ ...session.stores[0]!, role: 'support' }] }
  open(`/s/${store}/settings`, gateway)
  expect(await screen.findByText('Only an owner can change these settings.')).toBeTruthy()
  expect(screen.queryByRole('button', { name: 'Save' })).toBeNull()
})

it('reads lists', () => {
  expect(lines(' a \n\nb')).toEqual(['a', 'b'])
  expect(listed('en, de;en  fr')).toEqual(['en', 'de', 'fr'])
})
