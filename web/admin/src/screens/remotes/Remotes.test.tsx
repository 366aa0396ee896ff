import { screen, waitFor, within } from '@testing-library/react'
import { expect, it } from 'vitest'
import { store } from '../../testing/data'
import { open } from '../../testing/render'

it('adds a verifier and shows its secret once', async () => {
  const { user, sent, router } = open(`/s/${store}/remote-verifiers/new`)
  await user.type(await screen.findByLabelText(/^Short name/), 'staff')
  await user.type(screen.getByLabelText(/^Name \*|^NameShoppers|^Name$/), 'Staff')
  await user.type(screen.getByLabelText(/^Address/), 'https://hr.shop.example/laurel')
  const field = within(screen.getByRole('group', { name: 'Field 1' }))
  await user.type(field.getByLabelText(/^Name in the request/), 'number')
  await user.type(field.getByLabelText('Label (English)'), 'Number')
  await user.type(screen.getByLabelText(/^Reasons of a refusal/), 'gone: You have left.')
  await user.click(screen.getByRole('button', { name: 'Save' }))
  await waitFor(() =>
    expect(sent('POST')[0]?.body).toEqual({
      id: 'staff',
      name: 'Staff',
      url: 'https://hr.shop.example/laurel',
      fields: [{ name: 'number', label: { en: 'Number' }, type: 'text', required: true }],
      classes: ['assertion'],
      reasons: { gone: 'You have left.' },
    }),
  )
  expect(await screen.findByText('whsec_shownOnce')).toBeTruthy()
  await user.click(within(screen.getByRole('dialog')).getAllByRole('button', { name: 'Close' }).at(-1)!)
  await waitFor(() => expect(router.state.location.pathname).toBe(`/s/${store}/remote-verifiers`))
})

it('changes the secret when that is confirmed', async () => {
  const { user, sent } = open(`/s/${store}/remote-verifiers/staff-directory`)
  await user.click(await screen.findByRole('button', { name: 'Change the secret' }))
  await user.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Change the secret' }))
  expect(await screen.findByText('whsec_theNextOne')).toBeTruthy()
  expect(sent('POST')[0]?.body).toEqual({ version: 1 })
})
