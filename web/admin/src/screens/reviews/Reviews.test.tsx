import { screen, waitFor, within } from '@testing-library/react'
import { expect, it } from 'vitest'
import { bare, session, store } from '../../testing/data'
import { Gateway, refuse } from '../../testing/gateway'
import { reviewQueue } from '../../testing/proof'
import { open } from '../../testing/render'

it('lists what waits, and moves through it by keys', async () => {
  const { user, router } = open(`/s/${store}/reviews`)
  const table = await screen.findByRole('table', { name: 'Reviews' })
  expect(await within(table).findByText('Grace Hopper')).toBeTruthy()
  expect(within(table).getByText('1 of 2 agreed')).toBeTruthy()
  await user.keyboard('j')
  await waitFor(() => expect(document.activeElement).toBe(within(table).getAllByRole('link')[0]))
  await user.keyboard('jjjjk')
  await waitFor(() => expect(document.activeElement).toBe(within(table).getAllByRole('link')[1]))
  await user.keyboard('{Enter}')
  await waitFor(() => expect(router.state.location.pathname).toBe(`/s/${store}/reviews/rev_2`))
})

it('takes the next one', async () => {
  const { user, sent, router } = open(`/s/${store}/reviews?group=student`)
  await screen.findByRole('table', { name: 'Reviews' })
  await user.click(screen.getByRole('button', { name: 'Review the next one' }))
  await waitFor(() => expect(router.state.location.pathname).toBe(`/s/${store}/reviews/rev_1`))
  expect(sent('POST')[0]).toMatchObject({ path: `/stores/${store}/review-queue/next`, body: { group: 'student' } })
})

it('shows what was decided, by whom', async () => {
  const { user } = open(`/s/${store}/reviews`)
  await user.selectOptions(await screen.findByLabelText('Show'), 'decided')
  const table = await screen.findByRole('table', { name: 'Reviews' })
  expect(await within(table).findByText('Rejected')).toBeTruthy()
  expect(await within(table).findByText('Ada Lovelace')).toBeTruthy()
})

it('tells the next step when nothing waits', async () => {
  open(`/s/${bare}/reviews`)
  expect(await screen.findByText('Nothing waits for you')).toBeTruthy()
  expect(within(screen.getByRole('main')).getByRole('link', { name: 'Groups & policies' })).toBeTruthy()
})

it('says so when another reviewer was faster', async () => {
  const gateway = new Gateway()
  gateway.on('POST review-queue/next', () => refuse(404, 'not_found', 'Nothing waits.'))
  const { user, router } = open(`/s/${store}/reviews`, gateway)
  await user.keyboard('{Escape}')
  await screen.findByRole('table', { name: 'Reviews' })
  await user.keyboard('n')
  expect(await screen.findByText('Nothing more waits for you.')).toBeTruthy()
  expect(router.state.location.pathname).toBe(`/s/${store}/reviews`)
})

it('shows no proofs to who may not review', async () => {
  const gateway = new Gateway()
  gateway.session = { person: { ...session.person, operator: false }, stores: [{ ...session.stores[0]!, role: 'analyst' }] }
  const { sent } = open(`/s/${store}/reviews`, gateway)
  expect(await screen.findByText('Proofs are for reviewers')).toBeTruthy()
  expect(sent('GET').filter((call) => call.path.includes('/reviews'))).toHaveLength(0)
})

it('reads the list again when the count of what waits has changed', async () => {
  const gateway = new Gateway()
  const { sent } = open(`/s/${store}/reviews`, gateway)
  await screen.findByRole('table', { name: 'Reviews' })
  const lists = () => sent('GET').filter((call) => call.path.includes('/reviews?')).length
  const before = lists()
  gateway.on('GET review-queue', () => ({ status: 200, body: { ...reviewQueue, waiting: 4 } }))
  await waitFor(() => expect(lists()).toBe(before + 1), { timeout: 20_000 })
  expect(screen.getAllByText('4').length).toBeGreaterThan(0)
})
