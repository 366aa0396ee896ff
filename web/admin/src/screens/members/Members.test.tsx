import { screen, waitFor } from '@testing-library/react'
import { expect, it } from 'vitest'
import { members, store } from '../../testing/data'
import { Gateway } from '../../testing/gateway'
import { open } from '../../testing/render'

it('searches, and keeps the search in the address', async () => {
  const { user, sent, router } = open(`/s/${store}/members`)
  await screen.findByText('c-1001')
  await user.type(screen.getByLabelText('Customer ID'), 'c-10')
  await waitFor(() => expect(sent('GET').some((call) => call.path.endsWith('/members?q=c-10'))).toBe(true))
  expect(router.state.location.search).toEqual({ q: 'c-10' })
})

it('reads further pages by cursor', async () => {
  const gateway = new Gateway()
  gateway.on('GET members', ({ path }) => {
    const first = !path.includes('cursor=')
    return { status: 200, body: { data: [members[first ? 0 : 1]], next_cursor: first ? 'n1' : null } }
  })
  const { user } = open(`/s/${store}/members`, gateway)
  await user.click(await screen.findByRole('button', { name: 'Show more' }))
  expect(await screen.findByText('c-1002')).toBeTruthy()
  expect(screen.getByText('c-1001')).toBeTruthy()
  expect(screen.queryByRole('button', { name: 'Show more' })).toBeNull()
})
