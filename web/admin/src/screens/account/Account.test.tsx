import { screen } from '@testing-library/react'
import { expect, it } from 'vitest'
import { Gateway, refuse } from '../../testing/gateway'
import { open } from '../../testing/render'

it('changes the language at once and remembers it', async () => {
  const { user } = open('/account')
  await user.selectOptions(await screen.findByRole('combobox', { name: 'Language' }), 'de')
  expect(await screen.findByRole('heading', { name: 'Ihr Konto' })).toBeTruthy()
  expect(localStorage.getItem('laurel.language')).toBe('de')
})

it('says why a password was not changed', async () => {
  const gateway = new Gateway()
  gateway.on('PUT /session/password', () => refuse(422, 'invalid', 'No.', [{ pointer: '#/new', detail: 'at least 12 characters' }]))
  const { user } = open('/account', gateway)
  await user.type(await screen.findByLabelText(/^Current password/), 'old')
  await user.type(screen.getByLabelText(/^New password/), 'short')
  await user.click(screen.getByRole('button', { name: 'Change password' }))
  expect(await screen.findByText('at least 12 characters')).toBeTruthy()
})
