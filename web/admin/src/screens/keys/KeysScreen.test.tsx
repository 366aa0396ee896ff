import { screen, waitFor, within } from '@testing-library/react'
import { expect, it } from 'vitest'
import { session, store } from '../../testing/data'
import { Gateway } from '../../testing/gateway'
import { open } from '../../testing/render'

it('shows a new secret key once', async () => {
  const { user, sent } = open(`/s/${store}/keys`)
  await user.click(await screen.findByRole('button', { name: 'New key' }))
  await user.click(await screen.findByLabelText('Secret'))
  await user.type(screen.getByLabelText(/^Name/), 'Till')
  await user.click(screen.getByRole('button', { name: 'Create' }))
  expect(await screen.findByText('sk_test_S3cr3tThatIsShownOnce')).toBeTruthy()
  expect(sent('POST')[0]?.body).toEqual({ kind: 'secret', name: 'Till' })
  const closes = screen.getAllByRole('button', { name: 'Close' })
  await user.click(closes[closes.length - 1]!)
  await waitFor(() => expect(screen.queryByText('sk_test_S3cr3tThatIsShownOnce')).toBeNull())
})

it('bounds a secret key to scopes', async () => {
  const { user, sent } = open(`/s/${store}/keys`)
  expect(await screen.findByText('checkout:read, checkout:write')).toBeTruthy()
  await user.click(screen.getByRole('button', { name: 'New key' }))
  await screen.findByLabelText('Secret')
  expect(screen.queryByLabelText('orders:write')).toBeNull()
  await user.click(screen.getByLabelText('Secret'))
  await user.type(screen.getByLabelText(/^Name/), 'Returns')
  await user.click(screen.getByLabelText('orders:write'))
  await user.click(screen.getByRole('button', { name: 'Create' }))
  await waitFor(() => expect(sent('POST')[0]?.body).toEqual({ kind: 'secret', name: 'Returns', scopes: ['orders:write'] }))
})

it('asks before it revokes', async () => {
  const { user, sent } = open(`/s/${store}/keys`)
  const [first] = await screen.findAllByRole('button', { name: 'Revoke' })
  await user.click(first!)
  await screen.findByText('Revoke the key “Web shop”?')
  expect(sent('POST')).toHaveLength(0)
  await user.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Revoke' }))
  await waitFor(() => expect(sent('POST')[0]?.path).toBe(`/stores/${store}/keys/key_1/revoke`))
})

it('offers an analyst to look only', async () => {
  const gateway = new Gateway()
  gateway.session = { person: { ...session.person, operator: false }, stores: [{ ...session.stores[0]!, role: 'analyst' }] }
  open(`/s/${store}/keys`, gateway)
  expect(await screen.findByText('sk_…9KdP')).toBeTruthy()
  expect(screen.queryByRole('button', { name: 'New key' })).toBeNull()
  expect(screen.queryByRole('button', { name: 'Revoke' })).toBeNull()
})
