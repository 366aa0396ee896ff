import { screen } from '@testing-library/react'
import { expect, it, vi } from 'vitest'
import { store } from '../testing/data'
import { Gateway } from '../testing/gateway'
import { open } from '../testing/render'

it('stands in for a screen that failed, in words', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined)
  vi.spyOn(console, 'warn').mockImplementation(() => undefined)
  const gateway = new Gateway()
  gateway.on('GET keys', () => ({ status: 200, body: { data: [null], next_cursor: null } }))
  open(`/s/${store}/keys`, gateway)
  expect(await screen.findByRole('button', { name: 'Load the page again' })).toBeTruthy()
  vi.restoreAllMocks()
})
