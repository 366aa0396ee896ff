import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { expect, it } from 'vitest'
import { store } from '../../testing/data'
import { Gateway, refuse } from '../../testing/gateway'
import { fileOf, reviews } from '../../testing/proof'
import { open } from '../../testing/render'

const mine = { mine: true, claimed_by: 'per_1', claimed_until: '2026-11-20T09:30:00Z', lease_seconds: 900 }

/** desk opens a review that is in one's hands. */
function desk(over: Partial<ReturnType<typeof fileOf>> = {}, review: Partial<(typeof reviews)[number]> = {}) {
  const gateway = new Gateway()
  gateway.on('GET reviews/:id', (_, id) => ({ status: 200, body: { ...fileOf({ ...reviews.find((r) => r.id === id)!, ...mine, ...review }), ...over } }))
  return open(`/s/${store}/reviews/rev_1`, gateway)
}

const looks = (sent: ReturnType<typeof desk>['sent']) => sent('GET').filter((call) => /\/reviews\/rev_1$/.test(call.path)).length

it('shows why a person has to look, in words', async () => {
  desk()
  expect(await screen.findByText('It looks like a document of somebody else')).toBeTruthy()
  expect(screen.getByText('Verifications of this group from the same network within a day: 7')).toBeTruthy()
  expect(screen.getByText('something_new: 3')).toBeTruthy()
  expect(await screen.findByText(/^Sign-in: Demo University, /)).toBeTruthy()
  expect(screen.getByText('Lindqvist-O’Hara')).toBeTruthy()
  expect(screen.getByText('c-0007')).toBeTruthy()
  expect(await screen.findByText(/^Grace Hopper approved/)).toBeTruthy()
  expect(screen.getByText('One person approved already. Your word decides.')).toBeTruthy()
  expect(screen.getByText('Yours for 15:00')).toBeTruthy()
})

it('approves by key, looks once only, and goes on to the next', async () => {
  const { user, sent, router } = desk()
  await screen.findByRole('button', { name: 'Approve' })
  await user.keyboard('a')
  await waitFor(() => expect(sent('POST').map((call) => call.path)).toEqual([`/stores/${store}/reviews/rev_1/decision`, `/stores/${store}/review-queue/next`]))
  expect(sent('POST')[0]?.body).toEqual({ approve: true })
  expect(await screen.findByText('Approved.')).toBeTruthy()
  expect(router.state.location.pathname).toBe(`/s/${store}/reviews/rev_1`)
  expect(looks(sent)).toBe(1)
})

it('refuses by key with reasons by digits', async () => {
  const { user, sent } = desk()
  await screen.findByRole('button', { name: 'Refuse' })
  await user.keyboard('r')
  const dialog = await screen.findByRole('dialog')
  await within(dialog).findByText(/no longer valid/)
  await user.keyboard('213')
  await user.keyboard('1')
  await user.click(within(dialog).getByRole('checkbox', { name: /forged/ }))
  // The keys of the desk rest while the dialog is open.
  await user.keyboard('a{Enter}')
  await waitFor(() => expect(sent('POST')[0]?.body).toEqual({ approve: false, reasons: ['document_expired', 'name_mismatch'], final: true }))
})

it('refuses nothing without a reason', async () => {
  const { user, sent } = desk()
  await screen.findByRole('button', { name: 'Refuse' })
  await user.keyboard('r')
  const dialog = await screen.findByRole('dialog')
  await within(dialog).findByText(/no longer valid/)
  await user.keyboard('{Enter}')
  expect((within(dialog).getByRole('button', { name: 'Refuse' }) as HTMLButtonElement).disabled).toBe(true)
  expect(sent('POST')).toHaveLength(0)
})

it('lets nobody decide about their own proof', async () => {
  const { user, sent } = desk({ own: true })
  expect(await screen.findByText('This is your own proof')).toBeTruthy()
  await user.keyboard('ar')
  expect(screen.queryByRole('button', { name: 'Approve' })).toBeNull()
  expect(screen.queryByRole('dialog')).toBeNull()
  expect(sent('POST')).toHaveLength(0)
})

it('is taken before it is decided, and given back', async () => {
  const { user, sent } = desk({}, { mine: false, claimed_by: '', claimed_until: null, lease_seconds: 0 })
  await screen.findByRole('button', { name: 'Take it' })
  await user.keyboard('a')
  expect(sent('POST')).toHaveLength(0)
  await user.keyboard('t')
  await screen.findByRole('button', { name: 'Approve' })
  await user.keyboard('g')
  await screen.findByRole('button', { name: 'Take it' })
  expect(sent('POST').map((call) => call.path.split('/').pop())).toEqual(['claim', 'release'])
  expect(looks(sent)).toBe(1)
})

it('shows in whose hands it is', async () => {
  desk({}, { mine: false, claimed_by: 'per_2' })
  expect(await screen.findByText('Grace Hopper has this one in hand')).toBeTruthy()
  expect(screen.queryByRole('button', { name: 'Take it' })).toBeNull()
})

it('says why a decision was not taken', async () => {
  const { user, gateway } = desk()
  gateway.on('POST reviews/:id/decision', () => refuse(409, 'review_decided', 'Somebody decided it already.'))
  await screen.findByRole('button', { name: 'Approve' })
  await user.keyboard('a')
  expect((await screen.findByRole('alert')).textContent).toContain('Somebody decided it already.')
})

it('puts a look-alike beside the document, and shows the proof of a deletion', async () => {
  const { user } = desk()
  const picture = await screen.findByRole('img', { name: 'Document 2, page 1' })
  expect(picture.getAttribute('src')).toBe(`/v1/admin/stores/${store}/reviews/rev_1/documents/doc_1?page=1`)
  await user.click(await screen.findByRole('button', { name: 'Side by side: Look-alike 1' }))
  expect((await screen.findByRole('img', { name: 'Look-alikes' })).getAttribute('src')).toBe(`/v1/admin/stores/${store}/reviews/rev_1/documents/doc_77?page=1`)
  expect(screen.getByText('Deleted: only its fingerprint is left.')).toBeTruthy()
  await user.keyboard('d')
  expect(await screen.findByRole('img', { name: 'Document 2, page 2' })).toBeTruthy()
  await user.keyboard('d')
  expect(await screen.findByText(/9f86d081884c…/)).toBeTruthy()
})

it('turns and enlarges the document by keys', async () => {
  const { user } = desk()
  const picture = await screen.findByRole('img', { name: 'Document 2, page 1' })
  await user.keyboard('o')
  await waitFor(() => expect(picture.style.transform).toContain('rotate(90deg)'))
  await user.keyboard('z')
  await waitFor(() => expect(picture.style.transform).toContain('scale(2.5)'))
  const frame = screen.getByRole('application')
  frame.focus()
  await user.keyboard('+')
  await waitFor(() => expect(picture.style.transform).toContain('scale(3.5)'))
  await user.keyboard('0')
  await waitFor(() => expect(picture.style.transform).toContain('scale(1)'))
  fireEvent.error(picture)
  expect(await screen.findByText('The document could not be shown.')).toBeTruthy()
})

it('switches the keys off, for good', async () => {
  const first = desk()
  await screen.findByRole('button', { name: 'Approve' })
  await first.user.keyboard('?')
  await first.user.click(await screen.findByRole('switch', { name: /Use these keys/ }))
  await first.user.keyboard('{Escape}')
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
  await first.user.keyboard('a')
  expect(first.sent('POST')).toHaveLength(0)
  expect(localStorage.getItem('laurel.shortcuts')).toBe('off')
})

it('goes to its neighbours in the queue', async () => {
  const { user, router } = desk()
  await screen.findByRole('button', { name: 'Approve' })
  await user.keyboard('k')
  await user.keyboard('j')
  await waitFor(() => expect(router.state.location.pathname).toBe(`/s/${store}/reviews/rev_2`))
})
