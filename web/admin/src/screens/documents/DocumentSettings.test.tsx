import { screen, waitFor } from '@testing-library/react'
import { expect, it } from 'vitest'
import { store } from '../../testing/data'
import { open } from '../../testing/render'

it('says what documents show the group, who decides, and how long they are kept', async () => {
  const { user, sent } = open(`/s/${store}/document-settings`)
  await user.click(await screen.findByRole('radio', { name: /Two people have to agree/ }))
  await user.clear(screen.getByLabelText(/^Days kept/))
  await user.type(screen.getByLabelText(/^Days kept/), '3')
  await user.type(screen.getByLabelText(/^Only these institutions/), 'Demo University')
  await user.click(screen.getByRole('button', { name: 'Add a kind' }))
  await user.type(screen.getByLabelText('Kind 2 (English)'), 'Letter of enrolment')
  await user.click(screen.getByRole('button', { name: 'Save' }))
  await waitFor(() =>
    expect(sent('PUT')[0]?.body).toEqual({
      version: 0,
      ask: ['birth_date', 'organisation'],
      accept: [{ en: 'Student card, valid this term', de: 'Gültiger Studierendenausweis' }, { en: 'Letter of enrolment' }],
      organisations: ['Demo University'],
      reviewers: 2,
      look_alikes: 'two_reviewers',
      keep_days: 3,
    }),
  )
})
