import { screen, waitFor, within } from '@testing-library/react'
import { expect, it } from 'vitest'
import { session, shopify, store } from '../../testing/data'
import { Gateway, refuse } from '../../testing/gateway'
import { open } from '../../testing/render'

const connected = () => {
  const gateway = new Gateway()
  gateway.on('GET integrations/shopify', () => ({ status: 200, body: shopify }))
  return gateway
}

it('connects a shop and shows none of its secrets', async () => {
  const { user, sent } = open(`/s/${store}/settings`)
  await screen.findByText('Not connected.')
  await user.click(screen.getByRole('button', { name: 'Connect' }))
  await user.type(screen.getByLabelText(/^Shop domain/), 'books.myshopify.com')
  const token = screen.getByLabelText<HTMLInputElement>(/^Admin API access token/)
  expect(token.type).toBe('password')
  await user.type(token, 'shpat_1')
  await user.type(screen.getByLabelText(/^Client secret/), 'shpss_1')
  await user.click(screen.getByRole('button', { name: 'Connect' }))
  await waitFor(() => expect(sent('PUT')[0]?.body).toEqual({ shop: 'books.myshopify.com', access_token: 'shpat_1', webhook_secret: 'shpss_1' }))
  await waitFor(() => expect(screen.queryByLabelText(/^Client secret/)).toBeNull())
})

it('shows the refusal of the shop', async () => {
  const gateway = connected()
  gateway.on('PUT integrations/shopify', () => refuse(422, 'integration_refused', 'The shop does not accept the access token.'))
  const { user } = open(`/s/${store}/settings`, gateway)
  await user.click(await screen.findByRole('button', { name: 'Change shop or secrets' }))
  expect(screen.getByLabelText<HTMLInputElement>(/^Admin API access token/).value).toBe('')
  await user.type(screen.getByLabelText(/^Admin API access token/), 'x')
  await user.type(screen.getByLabelText(/^Client secret/), 'y')
  await user.click(screen.getByRole('button', { name: 'Connect' }))
  expect((await screen.findAllByText('The shop does not accept the access token.')).length).toBeGreaterThan(0)
})

it('asks before it disconnects', async () => {
  const { user, sent } = open(`/s/${store}/settings`, connected())
  expect(await screen.findByText(new RegExp(`${shopify.webhook_path}$`))).toBeTruthy()
  await user.click(screen.getByRole('button', { name: 'Disconnect' }))
  await user.click(within(await screen.findByRole('dialog', { name: 'Disconnect books.myshopify.com?' })).getByRole('button', { name: 'Disconnect' }))
  await waitFor(() => expect(sent('DELETE')[0]?.path).toBe(`/stores/${store}/integrations/shopify`))
})

it('is for owners to change', async () => {
  const gateway = connected()
  gateway.session = { person: { ...session.person, operator: false }, stores: [{ ...session.stores[0]!, role: 'marketer' }] }
  open(`/s/${store}/settings`, gateway)
  expect(await screen.findByText('books.myshopify.com')).toBeTruthy()
  for (const name of ['Disconnect', 'Change shop or secrets']) expect(screen.queryByRole('button', { name })).toBeNull()
})
