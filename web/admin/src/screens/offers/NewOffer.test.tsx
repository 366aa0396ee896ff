import { screen, waitFor } from '@testing-library/react'
import { expect, it } from 'vitest'
import { store } from '../../testing/data'
import { open } from '../../testing/render'

it('makes a fixed amount for a group', async () => {
  const { user, sent } = open(`/s/${store}/offers/new`)
  await user.type(await screen.findByLabelText(/^Name/), 'Five off')
  await user.click(screen.getByText('Fixed amount'))
  await user.type(await screen.findByLabelText(/^Amount/), '5')
  await user.selectOptions(screen.getByLabelText('Group'), 'teacher')
  await user.selectOptions(screen.getByLabelText('Subgroup'), 'k12')
  await user.click(screen.getByRole('button', { name: 'Save' }))
  await waitFor(() => expect(sent('POST')).toHaveLength(1))
  expect(sent('POST')[0]?.body).toMatchObject({ name: 'Five off', group: 'teacher', subgroup: 'k12', benefit: { type: 'fixed_amount', amount: 500, currency: 'USD' } })
})
