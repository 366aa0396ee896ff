import { screen, waitFor, within } from '@testing-library/react'
import { expect, it } from 'vitest'
import { store } from '../../testing/data'
import { Gateway } from '../../testing/gateway'
import { packEffect } from '../../testing/proof'
import { open } from '../../testing/render'

const previews = (sent: ReturnType<typeof open>['sent']) => sent('POST').filter((call) => call.path.endsWith('/preview'))
const changes = (sent: ReturnType<typeof open>['sent']) => [...sent('POST'), ...sent('PUT')].filter((call) => !call.path.endsWith('/preview'))

it('lists packs with what waits to be accepted', async () => {
  open(`/s/${store}/data-packs`)
  expect(await screen.findByText('Stays at 7, 9 waits')).toBeTruthy()
  expect(screen.getByText('email:school-districts')).toBeTruthy()
  expect(screen.getByText('The gateway')).toBeTruthy()
})

it('counts what is pasted, shows the effect, and sends it clean', async () => {
  const gateway = new Gateway()
  gateway.on('POST data-packs/preview', () => ({ status: 200, body: { ...packEffect, name: 'hospitals-de', attestations_affected: 0, affected_domains: [] } }))
  const { user, sent } = open(`/s/${store}/data-packs/new`, gateway)
  await user.type(await screen.findByLabelText(/^Name/), 'hospitals-de')
  await user.click(screen.getByRole('textbox', { name: 'Domains' }))
  await user.paste('# ours\nCharite.de\nmayo.edu\nmayo.edu\nno/domain')
  expect(await screen.findByText('2 domains')).toBeTruthy()
  expect(screen.getByText('1 of them twice')).toBeTruthy()
  expect(screen.getByText(/1 lines do not look like domains/)).toBeTruthy()
  expect(screen.queryByRole('button', { name: 'Put it into force' })).toBeNull()
  await user.click(screen.getByRole('button', { name: 'Show the effect' }))
  expect(await screen.findByText('12 domains in, 3 out, 0 attestations affected')).toBeTruthy()
  await user.click(screen.getByRole('button', { name: 'Put it into force' }))
  await waitFor(() => expect(changes(sent)[0]?.body).toEqual({ name: 'hospitals-de', purpose: 'eligible', format: 'plain', domains: ['charite.de', 'mayo.edu'] }))
})

it('asks what becomes of attestations before it does anything, and again after a change', async () => {
  const { user, sent } = open(`/s/${store}/data-packs/school-districts`)
  await user.type(await screen.findByRole('textbox', { name: 'Domains' }), '\nnew.example')
  await user.click(screen.getByRole('button', { name: 'Show the effect' }))
  const put = (await screen.findByRole('button', { name: 'Put it into force' })) as HTMLButtonElement
  expect(put.disabled).toBe(true)
  await user.click(screen.getByRole('radio', { name: /End them now/ }))
  await user.type(screen.getByRole('textbox', { name: 'Domains' }), '\nmore.example')
  expect(screen.queryByRole('button', { name: 'Put it into force' })).toBeNull()
  await user.click(screen.getByRole('button', { name: 'Show the effect' }))
  await user.click(await screen.findByRole('radio', { name: /Keep them/ }))
  await user.click(screen.getByRole('button', { name: 'Put it into force' }))
  await waitFor(() => expect(changes(sent)[0]).toMatchObject({ method: 'PUT', body: { version: 3, affected: 'keep', domains: ['austinisd.org', 'lausd.net', 'schulen.bayern.de', 'new.example', 'more.example'] } }))
  expect(previews(sent)).toHaveLength(2)
})

it('takes an archive as a file', async () => {
  const { user, sent } = open(`/s/${store}/data-packs/school-districts`)
  await screen.findByRole('button', { name: 'Choose a file' })
  await user.upload(document.querySelector<HTMLInputElement>('input[type=file]')!, new File([new Uint8Array([0, 255, 16])], 'swot.tar.gz', { type: 'application/gzip' }))
  expect(await screen.findByText('swot.tar.gz, 1 kB')).toBeTruthy()
  await user.click(screen.getByRole('button', { name: 'Show the effect' }))
  await waitFor(() => expect(previews(sent)[0]?.body).toMatchObject({ name: 'school-districts', version: 3, archive: 'AP8Q', source: 'swot.tar.gz' }))
})

it('rolls back and pins with the effect in sight', async () => {
  const { user, sent } = open(`/s/${store}/data-packs/school-districts`)
  await user.click(await screen.findByRole('button', { name: 'Roll back: Roll back to version 1?' }))
  const dialog = within(await screen.findByRole('dialog'))
  await user.click(await dialog.findByRole('radio', { name: /Keep them/ }))
  await user.click(dialog.getByRole('button', { name: 'Roll back' }))
  await waitFor(() => expect(changes(sent)[0]).toMatchObject({ path: `/stores/${store}/data-packs/school-districts/roll-back`, body: { to: 1, version: 3, affected: 'keep' } }))
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
  await user.click(screen.getByRole('button', { name: 'Stay here: Stay at version 2?' }))
  await user.click(await within(await screen.findByRole('dialog')).findByRole('radio', { name: /End them/ }))
  await user.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Stay here' }))
  await waitFor(() => expect(changes(sent)[1]).toMatchObject({ path: `/stores/${store}/data-packs/school-districts/pin`, body: { version: 2, affected: 'end' } }))
})

it('compares versions, and searches the domains', async () => {
  const { user } = open(`/s/${store}/data-packs/school-districts`)
  await user.click(await screen.findByRole('button', { name: 'Compare: What version 2 changed' }))
  expect(await within(await screen.findByRole('dialog')).findByText('alumni.lausd.net (Stopped)')).toBeTruthy()
  await user.keyboard('{Escape}')
  await user.type(screen.getByLabelText('Domain or institution'), 'austin')
  await waitFor(() => expect(screen.queryAllByText('Stopped').filter((e) => e.tagName === 'DIV')).toHaveLength(0))
  expect(screen.getByText('Austin Independent School District')).toBeTruthy()
})

it('lets a store only pin what is the gateway’s', async () => {
  open(`/s/${store}/data-packs/hospitals`)
  expect(await screen.findByRole('button', { name: 'Follow the newest: Follow the newest version, 9?' })).toBeTruthy()
  expect(screen.queryByRole('button', { name: 'Delete' })).toBeNull()
  expect(screen.queryByRole('button', { name: 'Show the effect' })).toBeNull()
})
