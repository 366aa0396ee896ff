import { screen, waitFor } from '@testing-library/react'
import { expect, it } from 'vitest'
import { session, store } from '../testing/data'
import { Gateway, refuse } from '../testing/gateway'
import { open } from '../testing/render'

it('asks to sign in and then shows what was asked for', async () => {
  const gateway = new Gateway()
  gateway.session = null
  const { user, sent } = open(`/s/${store}/keys`, gateway)
  await user.type(await screen.findByLabelText('Email'), 'ada@shop.example')
  await user.type(screen.getByLabelText('Password'), 'wrong')
  await user.click(screen.getByRole('button', { name: 'Sign in' }))
  expect(await screen.findByText('Email and password do not match.')).toBeTruthy()
  await user.clear(screen.getByLabelText('Password'))
  await user.type(screen.getByLabelText('Password'), 'right')
  await user.click(screen.getByRole('button', { name: 'Sign in' }))
  expect(await screen.findByRole('heading', { name: 'Keys' })).toBeTruthy()
  expect(sent('POST').every((call) => call.key === null)).toBe(true)
})

it('asks to sign in again when the session has ended', async () => {
  const gateway = new Gateway()
  gateway.on('GET keys', () => refuse(401, 'unauthenticated', 'Sign in first.'))
  open(`/s/${store}/keys`, gateway)
  expect(await screen.findByRole('heading', { name: 'Sign in to Laurel' })).toBeTruthy()
})

it('lets nobody on with a one-time password before it is changed', async () => {
  const gateway = new Gateway()
  gateway.session = { ...session, person: { ...session.person, must_change_password: true } }
  const { user, sent } = open('/', gateway)
  await screen.findByRole('heading', { name: 'Choose your password' })
  await user.type(screen.getByLabelText(/Current password/), 'one-time')
  await user.type(screen.getByLabelText(/New password/), 'correct horse battery')
  gateway.session = session
  await user.click(screen.getByRole('button', { name: 'Change password' }))
  expect(await screen.findByRole('heading', { name: 'Overview' })).toBeTruthy()
  expect(sent('PUT')[0]?.body).toEqual({ current: 'one-time', new: 'correct horse battery' })
})

it('signs out', async () => {
  const { user } = open('/account')
  await user.click(await screen.findByRole('button', { name: 'Account of Ada Lovelace' }))
  await user.click(await screen.findByRole('menuitem', { name: 'Sign out' }))
  await waitFor(() => expect(screen.getByRole('heading', { name: 'Sign in to Laurel' })).toBeTruthy())
})
