import { screen, waitFor } from '@testing-library/react'
import { expect, it } from 'vitest'
import { bare, store } from '../../testing/data'
import { open } from '../../testing/render'

it('reads the filters from the address, and clears them', async () => {
  const { user, router } = open(`/s/${store}/verifications?state=cancelled`)
  await screen.findByText('Nothing matches these filters')
  await user.click(screen.getAllByRole('button', { name: 'Clear filters' })[0]!)
  expect((await screen.findAllByText('Students – University')).length).toBeGreaterThan(0)
  expect(router.state.location.search).toEqual({})
})

it('says what comes first when there is nothing', async () => {
  open(`/s/${bare}/verifications`)
  expect(await screen.findByText('They appear as soon as a shopper uses the widget.')).toBeTruthy()
})

it('ends an attestation with a reason', async () => {
  const { user, sent } = open(`/s/${store}/verifications/ver_1`)
  expect(await screen.findByText('mit.edu')).toBeTruthy()
  await user.click(screen.getByRole('button', { name: 'End attestation' }))
  await user.type(await screen.findByLabelText(/^Reason/), 'graduated')
  await user.click(screen.getAllByRole('button', { name: 'End attestation' }).at(-1)!)
  await waitFor(() => expect(sent('POST')[0]).toMatchObject({ path: `/stores/${store}/attestations/att_1/end`, body: { reason: 'graduated' } }))
})
