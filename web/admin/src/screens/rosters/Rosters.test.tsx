import { screen, waitFor } from '@testing-library/react'
import { expect, it } from 'vitest'
import { bare, store } from '../../testing/data'
import { open } from '../../testing/render'

it('imports a list from a file, with the list’s own column names', async () => {
  const { user, sent } = open(`/s/${store}/rosters/new`)
  await user.type(await screen.findByLabelText(/^Short name/), 'union')
  await user.type(screen.getByLabelText(/^Title/), 'The union')
  await user.selectOptions(screen.getByLabelText(/^Group/), 'teacher')
  await user.upload(document.querySelector<HTMLInputElement>('input[type=file]')!, new File(['nr,first_name,last_name\n1,Ada,Lovelace\n'], 'union.csv', { type: 'text/csv' }))
  expect(await screen.findByText('2 lines')).toBeTruthy()
  await user.type(screen.getByLabelText('Number'), 'nr')
  await user.click(screen.getByRole('button', { name: 'Import a roster' }))
  await waitFor(() => expect(sent('POST')[0]?.body).toMatchObject({ id: 'union', title: 'The union', group: 'teacher', columns: { number: 'nr' }, text: 'nr,first_name,last_name\n1,Ada,Lovelace\n' }))
  expect(await screen.findByText('2 members were read.')).toBeTruthy()
})

it('imports again by the version that it shows', async () => {
  const { user, sent } = open(`/s/${store}/rosters/district-staff`)
  await user.click(await screen.findByRole('textbox', { name: 'The list' }))
  await user.paste('number,first_name,last_name\n1,Ada,Lovelace')
  await user.click(screen.getByRole('button', { name: 'Import again' }))
  await waitFor(() => expect(sent('PUT')[0]?.body).toMatchObject({ version: 2, group: 'teacher', subgroup: 'k12', columns: {} }))
})

it('says what to do first', async () => {
  open(`/s/${bare}/rosters`)
  expect(await screen.findByText('No rosters yet')).toBeTruthy()
})
