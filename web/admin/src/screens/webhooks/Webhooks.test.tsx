import { screen, waitFor, within } from '@testing-library/react'
import { expect, it } from 'vitest'
import { deliveries, session, store, webhooks } from '../../testing/data'
import { Gateway } from '../../testing/gateway'
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

it('filters deliveries by what stands in the address', async () => {
  const { user, sent } = open(`/s/${store}/webhooks/whk_1`)
  await screen.findByRole('table', { name: 'Deliveries' })
  await user.selectOptions(screen.getByLabelText('State'), 'failed')
  await waitFor(() => expect(sent('GET').at(-1)?.path).toBe(`/stores/${store}/webhooks/whk_1/deliveries?state=failed`))
})

it('shows what was sent and each try', async () => {
  const { user } = open(`/s/${store}/webhooks/whk_1`)
  await user.click(await screen.findByRole('button', { name: 'redemption.refunded' }))
  const dialog = await screen.findByRole('dialog', { name: 'redemption.refunded' })
  expect(await within(dialog).findByText('no answer in time')).toBeTruthy()
  expect(within(dialog).getByText('15,000 ms')).toBeTruthy()
  expect(within(dialog).getByText(/"order_id": "o-2040"/)).toBeTruthy()
})

it('sends everything that failed again', async () => {
  const { user, sent } = open(`/s/${store}/webhooks/whk_1`)
  await user.click(await screen.findByRole('button', { name: 'Send many again' }))
  await user.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Send again' }))
  await screen.findByText('Messages that are sent again: 17.')
  expect(sent('POST')[0]).toMatchObject({ path: `/stores/${store}/webhooks/whk_1/replay`, body: { what: 'failed', since: expect.stringMatching(/Z$/) } })
})

it('changes the secret and shows it once', async () => {
  const { user, sent } = open(`/s/${store}/webhooks/whk_1`)
  await user.click(await screen.findByRole('button', { name: 'Change the secret' }))
  const dialog = await screen.findByRole('dialog')
  await user.selectOptions(within(dialog).getByLabelText('The old secret signs too'), '0')
  await user.click(within(dialog).getByRole('button', { name: 'Change the secret' }))
  expect(await screen.findByText('whsec_theNextOne')).toBeTruthy()
  expect(sent('POST')[0]).toMatchObject({ path: `/stores/${store}/webhooks/whk_1/rotate-secret`, body: { overlap_hours: 0 } })
})

it('sends a test message', async () => {
  const { user, sent } = open(`/s/${store}/webhooks/whk_1`)
  await user.click(await screen.findByRole('button', { name: 'Send a test' }))
  await waitFor(() => expect(sent('POST')[0]?.path).toBe(`/stores/${store}/webhooks/whk_1/test`))
})

it('says why an endpoint is disabled, and tests none that is', async () => {
  const gateway = new Gateway()
  const failing = { ...webhooks[0], state: 'disabled', disabled_reason: 'failing', failures: 40, failing_since: '2026-11-15T00:00:00Z' }
  gateway.on('GET webhooks/:id', () => ({ status: 200, body: failing }))
  open(`/s/${store}/webhooks/whk_1`, gateway)
  expect(await screen.findByText(/every try failed for 5 days/)).toBeTruthy()
  expect(screen.getByText(/40 tries/)).toBeTruthy()
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Send a test' }).disabled).toBe(true)
})

it('lets a marketer look only', async () => {
  const gateway = new Gateway()
  gateway.session = { person: { ...session.person, operator: false }, stores: [{ ...session.stores[0]!, role: 'marketer' }] }
  open(`/s/${store}/webhooks/whk_1`, gateway)
  await screen.findByRole('table', { name: 'Deliveries' })
  for (const name of ['Save', 'Send many again', 'Send a test', 'Change the secret', /^Send again/]) expect(screen.queryByRole('button', { name })).toBeNull()
})

it('reads on while a message is under way', async () => {
  const gateway = new Gateway()
  let reads = 0
  gateway.on('GET webhooks/:id/deliveries', () => {
    const state = ++reads === 1 ? 'waiting' : 'delivered'
    return { status: 200, body: { data: [{ ...deliveries[1], state }], next_cursor: null } }
  })
  open(`/s/${store}/webhooks/whk_1`, gateway)
  const table = await screen.findByRole('table', { name: 'Deliveries' })
  expect(within(table).getByText('Waiting')).toBeTruthy()
  expect(within(table).queryByRole('button', { name: /^Send again/ })).toBeNull()
  expect(await within(table).findByText('Delivered')).toBeTruthy()
})
