import { screen, waitFor } from '@testing-library/react'
import { expect, it } from 'vitest'
import { store } from '../../testing/data'
import { open } from '../../testing/render'

it('keeps the stored secret when none is typed, and everything that it does not touch', async () => {
  const { user, sent } = open(`/s/${store}/providers/demo-university`)
  const name = await screen.findByLabelText(/^Name \*|^Name$/)
  await user.clear(name)
  await user.type(name, 'Demo U')
  await user.click(screen.getByRole('button', { name: 'Save' }))
  await waitFor(() => expect(sent('PUT')).toHaveLength(1))
  const body = sent('PUT')[0]?.body as Record<string, unknown>
  expect(body).toMatchObject({ version: 1, name: 'Demo U', scopes: ['email', 'profile'], claims: [{ name: 'affiliation', claim: 'eduperson_affiliation', type: 'strings' }] })
  expect(Object.keys(body)).not.toContain('client_secret')
  expect(Object.keys(body)).not.toContain('id')
})

it('adds a provider with a rule', async () => {
  const { user, sent } = open(`/s/${store}/providers/new`)
  await user.type(await screen.findByLabelText(/^Short name/), 'uni')
  await user.type(screen.getByLabelText(/^Name \*|^Name$/), 'Uni')
  await user.type(screen.getByLabelText(/^Issuer/), 'https://login.uni.example')
  await user.type(screen.getByLabelText(/^Client ID/), 'laurel')
  await user.type(screen.getByLabelText(/^Client secret/), 's3cret')
  await user.type(screen.getByLabelText('Condition of rule 1'), 'email_verified')
  await user.selectOptions(screen.getByLabelText(/^Group/), 'student')
  await user.click(screen.getByRole('button', { name: 'Save' }))
  await waitFor(() => expect(sent('POST')).toHaveLength(1))
  expect(sent('POST')[0]?.body).toMatchObject({ id: 'uni', client_secret: 's3cret', rules: [{ when: 'email_verified', group: 'student' }] })
})

it('adds a provider of a federation, whose rules are known, with the domains that it speaks for', async () => {
  const { user, sent } = open(`/s/${store}/providers/new`)
  await user.type(await screen.findByLabelText(/^Short name/), 'uni')
  await user.type(screen.getByLabelText(/^Name \*|^Name$/), 'Uni')
  await user.type(screen.getByLabelText(/^Issuer/), 'https://login.uni.example')
  await user.type(screen.getByLabelText(/^Client ID/), 'laurel')
  await user.click(screen.getByRole('radio', { name: /REFEDS/ }))
  await user.type(await screen.findByLabelText(/^Domains that this issuer speaks for/), 'uni.example')
  await user.click(screen.getByRole('button', { name: 'Remove rule 1' }))
  await user.click(screen.getByRole('button', { name: 'Save' }))
  await waitFor(() => expect(sent('POST')[0]?.body).toMatchObject({ preset: 'refeds', affiliation_scopes: ['uni.example'], rules: [] }))
})
