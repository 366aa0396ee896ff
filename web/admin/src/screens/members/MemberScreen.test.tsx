import { screen, waitFor } from '@testing-library/react'
import { expect, it } from 'vitest'
import { store } from '../../testing/data'
import { open } from '../../testing/render'

it('shows balance, lots and ledger', async () => {
  open(`/s/${store}/members/c-1001`)
  expect(await screen.findByText('1,240')).toBeTruthy()
  expect(screen.getByText('840 of 900')).toBeTruthy()
  expect(screen.getByText('760 points to Gold')).toBeTruthy()
  expect(await screen.findByText('parcel came late')).toBeTruthy()
})

it('takes points with a reason', async () => {
  const { user, sent } = open(`/s/${store}/members/c-1001`)
  await user.click(await screen.findByRole('button', { name: 'Adjust points' }))
  await user.type(await screen.findByLabelText(/^Points/), '-50')
  await user.type(screen.getByLabelText(/^Reason/), 'booked twice')
  await user.type(screen.getByLabelText(/^Reference/), 'ticket-9')
  await user.click(screen.getAllByRole('button', { name: 'Adjust points' }).at(-1)!)
  await waitFor(() => expect(sent('POST')).toHaveLength(1))
  expect(sent('POST')[0]).toMatchObject({ path: `/stores/${store}/members/c-1001/adjustments`, body: { points: -50, reason: 'booked twice', reference: 'ticket-9' } })
})
