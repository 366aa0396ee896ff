import { Stack, TextInput } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useChange } from '../../api/hooks'
import { packs } from '../../api/resources'
import type { Affected, PackContent } from '../../api/types'
import { BackLink } from '../../parts/BackLink'
import { TextLink } from '../../parts/links'
import { Page } from '../../parts/Page'
import { useStore } from '../../shell/store'
import { done } from '../../text/done'
import { useLanguage } from '../../text/language'
import { ImportForm } from './ImportForm'
import { useContent } from './useContent'

/** NewPack makes a data pack of the store's own. */
export function NewPack() {
  const { t } = useLanguage()
  const { id: store } = useStore()
  const navigate = useNavigate()
  const [name, setName] = useState('')
  const content = useContent('eligible', [])
  const create = useChange((input: PackContent & { affected?: Affected }) => packs.create(store, { name, ...input }), [store, 'data-packs'], [store, 'audit'])
  return (
    <Page
      title={t('packs.new')}
      back={
        <BackLink>
          <TextLink to="/s/$store/data-packs" params={{ store }}>
            {t('packs.title')}
          </TextLink>
        </BackLink>
      }
    >
      <Stack maw={760}>
        <ImportForm
          content={content}
          name={name}
          title={t('packs.content')}
          hint={t('packs.content.hint')}
          pending={create.isPending}
          error={create.error}
          onSave={(input) =>
            create.mutate(input, {
              onSuccess: (pack) => {
                done(t('packs.saved'))
                void navigate({ to: '/s/$store/data-packs/$id', params: { store, id: pack.id } })
              },
            })
          }
          before={<TextInput label={t('packs.name')} description={t('packs.name.hint')} required value={name} onChange={(event) => setName(event.currentTarget.value.trim())} />}
        />
      </Stack>
    </Page>
  )
}
