import { screen, waitFor } from '@testing-library/react'
import { expect, it } from 'vitest'
import { store } from '../../testing/data'
import { open } from '../../testing/render'

it('counts what is pasted and sends it clean', async () => {
  const { user, sent } = open(`/s/${store}/domain-lists/new`)
  await user.type(await screen.findByLabelText(/^Name/), 'hospitals')
  await user.click(screen.getByRole('textbox', { name: 'Domains' }))
  await user.paste('# ours\nCharite.de\nmayo.edu\nmayo.edu\nno/domain')
  expect(await screen.findByText('2 domains')).toBeTruthy()
  expect(screen.getByText('1 of them twice')).toBeTruthy()
  expect(screen.getByText(/1 lines do not look like domains/)).toBeTruthy()
  await user.click(screen.getByRole('button', { name: 'Save' }))
  await waitFor(() => expect(sent('POST')[0]?.body).toEqual({ name: 'hospitals', purpose: 'eligible', domains: ['charite.de', 'mayo.edu'] }))
})

it('reads a text file', async () => {
  const { user } = open(`/s/${store}/domain-lists/new`)
  await screen.findByRole('button', { name: 'Read a text file' })
  const input = document.querySelector<HTMLInputElement>('input[type=file]')!
  await user.upload(input, new File(['a.edu\nb.edu\nc.edu'], 'domains.txt', { type: 'text/plain' }))
  expect(await screen.findByText('3 domains')).toBeTruthy()
})
