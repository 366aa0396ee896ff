import { screen, waitFor } from '@testing-library/react'
import { expect, it } from 'vitest'
import { store } from '../../testing/data'
import { open } from '../../testing/render'

it('shows the signing secret of a new endpoint once', async () => {
  const { user, sent } = open(`/s/${store}/webhooks`)
  await user.click(await screen.findByRole('button', { name: 'New endpoint' }))
  await user.type(await screen.findByLabelText(/^Address/), 'https://shop.example/h')
  await user.click(screen.getByLabelText('redemption.created'))
  await user.click(screen.getByRole('button', { name: 'Create' }))
  expect(await screen.findByText('whsec_shownOnce')).toBeTruthy()
  expect(sent('POST')[0]?.body).toEqual({ url: 'https://shop.example/h', description: '', events: ['redemption.created'] })
})

it('switches an endpoint off', async () => {
  const { user, sent } = open(`/s/${store}/webhooks/whk_1`)
  await user.click(await screen.findByLabelText('Deliver events to this endpoint'))
  await user.click(screen.getByRole('button', { name: 'Save' }))
  await waitFor(() => expect(sent('PUT')[0]?.body).toMatchObject({ state: 'disabled', version: 1 }))
})

it('sends a delivery again', async () => {
  const { user, sent } = open(`/s/${store}/webhooks/whk_1`)
  await user.click(await screen.findByRole('button', { name: 'Send again: redemption.refunded' }))
  await waitFor(() => expect(sent('POST')[0]?.path).toBe(`/stores/${store}/webhook-deliveries/dlv_2/replay`))
})
