import { screen, waitFor } from '@testing-library/react'
import { expect, it } from 'vitest'
import { store } from '../../testing/data'
import { Gateway, refuse } from '../../testing/gateway'
import { open } from '../../testing/render'

it('makes a fixed amount for a group and a tier', async () => {
  const { user, sent } = open(`/s/${store}/offers/new`)
  await user.type(await screen.findByLabelText(/^Name \*|^Name$/), 'Five off')
  await user.selectOptions(screen.getByLabelText('Kind'), 'fixed_amount')
  await user.type(await screen.findByLabelText(/^Amount/), '5')
  await user.selectOptions(screen.getAllByLabelText('Group')[0]!, 'teacher')
  await user.selectOptions(screen.getAllByLabelText('Subgroup')[0]!, 'k12')
  await user.selectOptions(screen.getByLabelText('Tier, at least'), 'silver')
  await user.click(screen.getByRole('button', { name: 'Save' }))
  await waitFor(() => expect(sent('POST').filter((call) => call.path.endsWith('/offers'))).toHaveLength(1))
  expect(sent('POST').find((call) => call.path.endsWith('/offers'))?.body).toMatchObject({
    ...{ name: 'Five off', group: 'teacher', subgroup: 'k12', tier: 'silver' },
    benefit: { type: 'fixed_amount', amount: 500, currency: 'USD' },
  })
})

it('shows only the fields that a kind of benefit has', async () => {
  const { user } = open(`/s/${store}/offers/new`)
  const kind = await screen.findByLabelText('Kind')
  expect(screen.getByLabelText(/^Discount/)).toBeTruthy()
  await user.selectOptions(kind, 'gift_line')
  expect(screen.getByLabelText(/^Article \(SKU\)/)).toBeTruthy()
  for (const gone of [/^Discount/, /^At most/, /^On$/, /^How$/]) expect(screen.queryByLabelText(gone)).toBeNull()
  await user.selectOptions(kind, 'bonus_points')
  expect(screen.getByLabelText(/^Extra points/)).toBeTruthy()
  expect(screen.queryByLabelText('Budget')).toBeNull()
})

it('ties an offer to an event and says when that is next', async () => {
  const { user } = open(`/s/${store}/offers/new`)
  await user.selectOptions(await screen.findByLabelText('Every year'), 'new_year')
  await user.type(screen.getByLabelText('Days before'), '2')
  expect(await screen.findByText(/^Next: Dec 29, \d{4} to Jan 1, \d{4}$/)).toBeTruthy()
})

it('shows refusals of a limit in time at its fields', async () => {
  const gateway = new Gateway()
  gateway.on('POST offers', () =>
    refuse(422, 'invalid', 'No.', [
      { pointer: '#/limits/periods/0', detail: 'limits the same stretch of time' },
      { pointer: '#/limits/periods/0/uses', detail: 'must be at least 1' },
    ]),
  )
  const { user } = open(`/s/${store}/offers/new`, gateway)
  await user.type(await screen.findByLabelText(/^Name \*|^Name$/), 'A')
  await user.type(screen.getByLabelText(/^Discount/), '5')
  await user.click(screen.getByRole('button', { name: 'Add a limit in time' }))
  await user.click(screen.getByRole('button', { name: 'Save' }))
  expect(await screen.findByText('limits the same stretch of time')).toBeTruthy()
  expect(screen.getByText('must be at least 1')).toBeTruthy()
})
