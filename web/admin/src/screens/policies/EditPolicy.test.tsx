import { screen, waitFor, within } from '@testing-library/react'
import { expect, it } from 'vitest'
import { store } from '../../testing/data'
import { Gateway, refuse } from '../../testing/gateway'
import { open } from '../../testing/render'

it('has the server judge a policy while it is typed, and saves a sound one', async () => {
  const { user, sent } = open(`/s/${store}/policies/pol_1`)
  await user.click(await screen.findByRole('button', { name: 'Add a path' }))
  expect(await screen.findByText('a path has from 1 to 5 requirements')).toBeTruthy()
  expect((screen.getByRole('button', { name: 'Save' }) as HTMLButtonElement).disabled).toBe(true)
  await user.click(screen.getByRole('button', { name: 'Add a requirement to path 3' }))
  await user.click(await screen.findByRole('menuitem', { name: 'Mock (test stores)' }))
  await waitFor(() => expect((screen.getByRole('button', { name: 'Save' }) as HTMLButtonElement).disabled).toBe(false))
  await user.click(screen.getByRole('button', { name: 'Save' }))
  await waitFor(() => expect(sent('PUT')).toHaveLength(1))
  expect(sent('PUT')[0]?.body).toEqual({
    version: 2,
    group: 'student',
    subgroup: 'university',
    paths: [['oidc:demo-university'], ['email'], ['mock']],
    validity_days: 365,
    valid_until: '09-30',
    accept_self_declared: false,
    limits: [],
  })
  expect(sent('POST').every((call) => call.path.endsWith('/policies/check') && call.key === null)).toBe(true)
})

it('explains a conflict and loads the latest version', async () => {
  const gateway = new Gateway()
  gateway.on('PUT policies/:id', () => refuse(409, 'version_conflict', 'Stale.'))
  const { user, sent } = open(`/s/${store}/policies/pol_1`, gateway)
  await screen.findByText('This policy is sound.')
  await user.click(screen.getByRole('button', { name: 'Save' }))
  expect(await screen.findByText('Somebody else changed this meanwhile')).toBeTruthy()
  const before = sent('GET').filter((call) => call.path.endsWith('/policies/pol_1')).length
  await user.click(screen.getByRole('button', { name: 'Load the latest version' }))
  await waitFor(() => expect(sent('GET').filter((call) => call.path.endsWith('/policies/pol_1')).length).toBe(before + 1))
})

it('offers every verifier that the store has, and bounds how often a proof counts', async () => {
  const { user, sent } = open(`/s/${store}/policies/pol_1`)
  await user.click(await screen.findByRole('button', { name: 'Add a requirement to path 2' }))
  for (const name of ['Document', 'US health register (NPI)', 'Roster: Staff of the district', 'Own verifier: Staff directory', 'Code by email: school-districts']) {
    expect(await screen.findByRole('menuitem', { name })).toBeTruthy()
  }
  await user.click(screen.getByRole('menuitem', { name: 'Document' }))
  await user.click(screen.getByRole('button', { name: 'Add a limit' }))
  const limit = within(screen.getByRole('group', { name: 'Limit 1' }))
  await user.selectOptions(limit.getByLabelText('Per'), 'customer')
  await user.clear(limit.getByLabelText('In days'))
  await user.type(limit.getByLabelText('In days'), '365')
  await screen.findByText('This policy is sound.')
  await waitFor(() => expect((screen.getByRole('button', { name: 'Save' }) as HTMLButtonElement).disabled).toBe(false))
  await user.click(screen.getByRole('button', { name: 'Save' }))
  await waitFor(() => expect(sent('PUT')[0]?.body).toMatchObject({ paths: [['oidc:demo-university'], ['email', 'document']], limits: [{ per: 'customer', max: 1, days: 365 }] }))
})
