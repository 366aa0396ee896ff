import { screen, waitFor, within } from '@testing-library/react'
import { expect, it } from 'vitest'
import { session, store } from '../../testing/data'
import { Gateway } from '../../testing/gateway'
import { open } from '../../testing/render'

const path = `/s/${store}/offers/off_1?tab=codes`
const file = () => new File(['code\nA-1\n\nA-2'], 'codes.csv', { type: 'text/csv' })

it('counts and checks a file before it imports it', async () => {
  const { user, sent } = open(path)
  const input = await waitFor(() => {
    const found = document.querySelector<HTMLInputElement>('input[type=file]')
    if (!found) throw new Error('not there yet')
    return found
  })
  expect(screen.getByText('950')).toBeTruthy()
  const load = screen.getByRole<HTMLButtonElement>('button', { name: 'Import' })
  expect(load.disabled).toBe(true)
  await user.upload(input, file())
  await user.click(screen.getByRole('button', { name: 'Check the file' }))
  expect(await screen.findByText('Line 3: is empty')).toBeTruthy()
  await user.click(screen.getByRole('button', { name: 'Import 2 codes' }))
  await screen.findByText('2 codes were imported.')
  const [dry, real] = sent('POST')
  expect(dry).toMatchObject({ path: `/stores/${store}/offers/off_1/code-pool?dry_run=true&threshold=100`, body: 'code\nA-1\n\nA-2' })
  expect(real?.path).toContain('dry_run=false')
  expect(real?.key).toBeTruthy()
})

it('asks before it throws free codes away', async () => {
  const { user, sent } = open(path)
  await user.click(await screen.findByRole('button', { name: 'Throw the free codes away' }))
  await screen.findByText(/950 codes/)
  expect(sent('DELETE')).toHaveLength(0)
  await user.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Throw the free codes away' }))
  await waitFor(() => expect(sent('DELETE')[0]?.path).toBe(`/stores/${store}/offers/off_1/code-pool`))
})

it('makes, downloads and revokes batches', async () => {
  const { user, sent } = open(path)
  const download = await screen.findByRole<HTMLAnchorElement>('link', { name: 'Download: Postcards, spring' })
  expect(download.getAttribute('href')).toBe(`/v1/admin/stores/${store}/code-batches/cbt_1/codes`)
  await user.click(screen.getByRole('button', { name: 'New batch' }))
  const dialog = await screen.findByRole('dialog', { name: 'New batch' })
  const count = within(dialog).getByLabelText(/^Codes/)
  await user.clear(count)
  await user.type(count, '1,000')
  await user.type(screen.getByLabelText(/^What for/), 'Cards')
  await user.click(screen.getByRole('button', { name: 'Create' }))
  await waitFor(() => expect(sent('POST')[0]).toMatchObject({ path: `/stores/${store}/offers/off_1/code-batches`, body: { count: 1000, note: 'Cards' } }))
  const [revoke, ...more] = screen.getAllByRole('button', { name: 'Revoke' })
  expect(more).toHaveLength(0)
  await user.click(revoke!)
  await user.click(within(await screen.findByRole('dialog', { name: 'Revoke this batch?' })).getByRole('button', { name: 'Revoke' }))
  await waitFor(() => expect(sent('POST').at(-1)?.path).toBe(`/stores/${store}/code-batches/cbt_1/revoke`))
})

it('shows an analyst the counts only', async () => {
  const gateway = new Gateway()
  gateway.session = { person: { ...session.person, operator: false }, stores: [{ ...session.stores[0]!, role: 'analyst' }] }
  open(path, gateway)
  expect(await screen.findByText('950')).toBeTruthy()
  expect(await screen.findByText('Postcards, spring')).toBeTruthy()
  for (const name of ['Import', 'New batch', 'Revoke', 'Throw the free codes away']) expect(screen.queryByRole('button', { name })).toBeNull()
  expect(screen.queryByRole('link', { name: /^Download/ })).toBeNull()
})
