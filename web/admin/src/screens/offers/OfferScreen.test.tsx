import { screen, waitFor, within } from '@testing-library/react'
import { expect, it } from 'vitest'
import { store } from '../../testing/data'
import { Gateway, refuse } from '../../testing/gateway'
import { open } from '../../testing/render'

it('sends what was typed in minor units and basis points, with the version', async () => {
  const { user, sent } = open(`/s/${store}/offers/off_1`)
  const discount = await screen.findByLabelText(/^Discount/)
  await user.clear(discount)
  await user.type(discount, '12.5')
  const minimum = screen.getByLabelText('Minimum order')
  await user.clear(minimum)
  await user.type(minimum, '1,000.05')
  await user.click(screen.getByRole('button', { name: 'Save' }))
  await waitFor(() => expect(sent('PUT')).toHaveLength(1))
  expect(sent('PUT')[0]?.body).toMatchObject({ version: 2, benefit: { type: 'percentage', basis_points: 1250, maximum: 5000 }, minimum_order: 100_005 })
})

it('does not send what cannot be read', async () => {
  const { user, sent } = open(`/s/${store}/offers/off_1`)
  const minimum = await screen.findByLabelText('Minimum order')
  await user.clear(minimum)
  await user.type(minimum, '1.005')
  await user.click(screen.getByRole('button', { name: 'Save' }))
  expect(await screen.findByText('Please enter an amount such as 12.50.')).toBeTruthy()
  expect(sent('PUT')).toHaveLength(0)
})

it('shows the server’s refusal at the field', async () => {
  const gateway = new Gateway()
  gateway.on('PUT offers/:id', () => refuse(422, 'invalid', 'The offer cannot be saved.', [{ pointer: '#/benefit/maximum', detail: 'must be at least 0' }]))
  const { user } = open(`/s/${store}/offers/off_1`, gateway)
  await user.click(await screen.findByRole('button', { name: 'Save' }))
  expect(await screen.findByText('must be at least 0')).toBeTruthy()
})

const states = (calls: readonly { path: string; body: unknown }[]) => calls.filter((call) => call.path.endsWith('/state')).map((call) => call.body)

it('pauses, and asks before it ends an offer', async () => {
  const { user, sent } = open(`/s/${store}/offers/off_1`)
  await user.click(await screen.findByRole('button', { name: 'Pause' }))
  await waitFor(() => expect(states(sent('POST'))).toEqual([{ version: 2, state: 'paused' }]))
  await user.click(screen.getByRole('button', { name: 'End' }))
  await screen.findByText('End this offer?')
  expect(states(sent('POST'))).toHaveLength(1)
})

it('compares the last two versions, and any two that are chosen', async () => {
  const { user, router } = open(`/s/${store}/offers/off_1?tab=versions`)
  const diff = await screen.findByRole('table', { name: 'Version 1 and version 2' })
  const row = (name: string) => within(diff).getByRole('row', { name: new RegExp(`^${name}`) })
  expect(row('Discount').textContent).toContain('Changed')
  expect(within(row('Discount')).getByText('10 %').tagName).toBe('DEL')
  expect(within(row('Discount')).getByText('20 %').tagName).toBe('INS')
  expect(row('At most').textContent).toContain('Removed')
  expect(row('Condition').textContent).toContain('Added')
  expect((await screen.findAllByText('Ada Lovelace')).length).toBeGreaterThan(0)
  await user.selectOptions(screen.getByLabelText('To'), '1')
  expect(await screen.findByText('Nothing differs.')).toBeTruthy()
  expect(router.state.location.search).toMatchObject({ from: '1', to: '1' })
})

it('gives the snippet with the store’s publishable key', async () => {
  open(`/s/${store}/offers/off_1?tab=snippet`)
  expect(await screen.findByText(/publishable-key="pk_test_8fJ2kLm90QwErTyUx7Qa" offer="off_1"/)).toBeTruthy()
})
