import { screen, waitFor, within } from '@testing-library/react'
import { expect, it } from 'vitest'
import { bare, store } from '../../testing/data'
import { open } from '../../testing/render'

it('lists what is labelled, by label', async () => {
  const { user } = open(`/s/${store}/frauds`)
  expect(await screen.findByText('T-1017')).toBeTruthy()
  await user.selectOptions(screen.getByLabelText('Label'), 'suspected')
  await waitFor(() => expect(screen.queryByText('T-1017')).toBeNull())
  expect(screen.getByText('Shared account')).toBeTruthy()
})

it('shows what rested on a fraud, and lifts the label', async () => {
  const { user, sent } = open(`/s/${store}/frauds/att_4`)
  expect(await screen.findByText('o-2041')).toBeTruthy()
  expect(screen.getByText('52, 52 taken back')).toBeTruthy()
  expect(screen.getByText('All consequences are carried out.')).toBeTruthy()
  await user.click(screen.getByRole('button', { name: 'Change the label' }))
  const dialog = within(await screen.findByRole('dialog'))
  expect(dialog.queryByRole('radio', { name: /^Confirmed/ })).toBeNull()
  await user.click(dialog.getByRole('radio', { name: /^Not labelled/ }))
  await user.selectOptions(dialog.getByLabelText('Reason'), 'cleared')
  await user.click(dialog.getByRole('button', { name: 'Set the label' }))
  await waitFor(() => expect(sent('POST')[0]).toMatchObject({ path: `/stores/${store}/attestations/att_4/fraud`, body: { label: 'none', reason: 'cleared' } }))
})

it('labels an attestation where its verification is shown', async () => {
  const { user, sent } = open(`/s/${store}/verifications/ver_1`)
  await user.click(await screen.findByRole('button', { name: 'Set the label' }))
  const dialog = within(await screen.findByRole('dialog'))
  await user.click(dialog.getByRole('radio', { name: /^Confirmed/ }))
  await user.type(dialog.getByLabelText(/^Reference/), 'T-9')
  await user.click(dialog.getByRole('button', { name: 'Set the label' }))
  await waitFor(() => expect(sent('POST')[0]?.body).toEqual({ label: 'confirmed', reason: 'chargeback', reference: 'T-9' }))
})

it('tells how a label comes about', async () => {
  open(`/s/${bare}/frauds`)
  expect(await screen.findByText('Nothing is labelled')).toBeTruthy()
})
