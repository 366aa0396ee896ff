import { screen, waitFor, within } from '@testing-library/react'
import { expect, it, vi } from 'vitest'
import { bare, store } from '../../testing/data'
import { open } from '../../testing/render'

it('shows a request with what was removed and the receipt', async () => {
  const { user } = open(`/s/${store}/privacy`)
  await user.click(await screen.findByRole('link', { name: 'Erasure' }))
  expect(await screen.findByText(/^eyJ/)).toBeTruthy()
  expect(screen.getByText('What shoppers typed')).toBeTruthy()
})

it('forgets a shopper only when that is meant', async () => {
  const { user, sent } = open(`/s/${store}/privacy`)
  await user.click(await screen.findByRole('button', { name: 'Forget a shopper' }))
  const dialog = within(await screen.findByRole('dialog'))
  await user.type(dialog.getByLabelText(/^Customer/), 'c-1')
  const forget = dialog.getByRole('button', { name: 'Forget a shopper' }) as HTMLButtonElement
  expect(forget.disabled).toBe(true)
  await user.click(dialog.getByRole('checkbox'))
  await user.click(forget)
  await waitFor(() => expect(sent('POST')[0]).toMatchObject({ path: `/stores/${store}/privacy/erasures`, body: { customer: 'c-1', confirm: true } }))
})

it('writes everything about a shopper to a file, part by part', async () => {
  const files: Blob[] = []
  vi.spyOn(URL, 'createObjectURL').mockImplementation((file) => `blob:${files.push(file as Blob)}`)
  const { user, sent } = open(`/s/${store}/privacy`)
  await user.click(await screen.findByRole('button', { name: 'Export data' }))
  const dialog = within(await screen.findByRole('dialog'))
  await user.type(dialog.getByLabelText(/^Customer/), 'c-1')
  await user.click(dialog.getByRole('button', { name: 'Export data' }))
  expect(await screen.findByText('2 records were written to a file.')).toBeTruthy()
  expect(sent('GET').filter((call) => call.path.includes('/customers/c-1/data'))).toHaveLength(2)
  expect(JSON.parse(await files[0]!.text())).toMatchObject({ customer: 'c-1', data: [{ id: 'ver_1' }, { id: 'o-1' }] })
})

it('reports how long what is kept, and changes it', async () => {
  const { user, sent } = open(`/s/${store}/privacy?tab=retention`)
  expect(await screen.findByText('Overdue')).toBeTruthy()
  expect(screen.getByText('15 minutes')).toBeTruthy()
  await user.click(screen.getByRole('button', { name: 'Change' }))
  await user.type(await screen.findByLabelText(/^What shoppers typed/), '30')
  await user.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Save' }))
  await waitFor(() => expect(sent('PUT')[0]?.body).toEqual({ version: 3, days: { collected: 30 } }))
})

it('says where requests come from', async () => {
  open(`/s/${bare}/privacy`)
  expect(await screen.findByText('Nobody asked yet')).toBeTruthy()
})
