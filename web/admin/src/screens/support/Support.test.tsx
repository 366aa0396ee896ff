import { screen, waitFor, within } from '@testing-library/react'
import { expect, it } from 'vitest'
import { store } from '../../testing/data'
import { Gateway } from '../../testing/gateway'
import { session } from '../../testing/data'
import { open } from '../../testing/render'

it('verifies a customer by hand, with what was seen and why', async () => {
  const { user, sent } = open(`/s/${store}/members/c-1001`)
  await user.click(await screen.findByRole('button', { name: 'Verify by hand' }))
  const dialog = within(await screen.findByRole('dialog'))
  await user.selectOptions(dialog.getByLabelText(/^Group/), 'student')
  await user.click(dialog.getByRole('radio', { name: 'An authoritative record' }))
  await user.type(dialog.getByLabelText(/^Reason/), 'phone_call')
  await user.click(dialog.getByRole('button', { name: 'Verify by hand' }))
  await waitFor(() => expect(sent('POST')[0]).toMatchObject({ path: `/stores/${store}/verifications`, body: { customer: 'c-1001', group: 'student', class: 'authority', reason: 'phone_call' } }))
  expect(await screen.findByText('c-1001 was verified.')).toBeTruthy()
})

it('sends a code again and resets limits, each with a reason', async () => {
  const { user, sent } = open(`/s/${store}/verifications/ver_2`)
  for (const name of ['Send the code again', 'Reset limits']) {
    await user.click(await screen.findByRole('button', { name }))
    const dialog = within(await screen.findByRole('dialog'))
    await user.type(dialog.getByLabelText(/^Reason/), 'phone_call')
    await user.click(dialog.getByRole('button', { name }))
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
  }
  expect(sent('POST').map((call) => [call.path.split('/ver_2/')[1], call.body])).toEqual([
    ['resend', { reason: 'phone_call' }],
    ['limits/reset', { reason: 'phone_call' }],
  ])
  expect(screen.getByText('2 windows were emptied.')).toBeTruthy()
})

it('moves an attestation to another customer', async () => {
  const { user, sent } = open(`/s/${store}/verifications/ver_1`)
  await user.click(await screen.findByRole('button', { name: 'Move to another customer' }))
  const dialog = within(await screen.findByRole('dialog'))
  await user.type(dialog.getByLabelText(/^Customer/), 'c-2')
  await user.type(dialog.getByLabelText(/^Reason/), 'new_account')
  await user.click(dialog.getByRole('button', { name: 'Move to another customer' }))
  await waitFor(() => expect(sent('POST')[0]?.body).toEqual({ customer: 'c-2', reason: 'new_account', past_limit: false }))
})

it('offers nothing of it to who may not', async () => {
  const gateway = new Gateway()
  gateway.session = { person: { ...session.person, operator: false }, stores: [{ ...session.stores[0]!, role: 'analyst' }] }
  open(`/s/${store}/verifications/ver_1`, gateway)
  expect(await screen.findByText('mit.edu')).toBeTruthy()
  for (const name of ['Reset limits', 'Set the label', 'Move to another customer', 'End attestation']) expect(screen.queryByRole('button', { name })).toBeNull()
})
