import { useNavigate } from '@tanstack/react-router'
import { useChange } from '../../api/hooks'
import { rosters } from '../../api/resources'
import type { RosterInput } from '../../api/types'
import { BackLink } from '../../parts/BackLink'
import { TextLink } from '../../parts/links'
import { Page } from '../../parts/Page'
import { useStore } from '../../shell/store'
import { done } from '../../text/done'
import { useFormat } from '../../text/format'
import { useLanguage } from '../../text/language'
import { RosterForm } from './RosterForm'

/** NewRoster imports a list of members for the first time. */
export function NewRoster() {
  const { t } = useLanguage()
  const { id: store } = useStore()
  const { number } = useFormat()
  const navigate = useNavigate()
  const create = useChange((input: RosterInput) => rosters.create(store, input), [store, 'rosters'], [store, 'audit'])
  return (
    <Page
      title={t('rosters.new')}
      back={
        <BackLink>
          <TextLink to="/s/$store/rosters" params={{ store }}>
            {t('rosters.title')}
          </TextLink>
        </BackLink>
      }
    >
      <RosterForm
        pending={create.isPending}
        error={create.error}
        onSave={(input) =>
          create.mutate(input, {
            onSuccess: (roster) => {
              done(t('rosters.imported', { count: number(roster.entries) }))
              void navigate({ to: '/s/$store/rosters', params: { store } })
            },
          })
        }
      />
    </Page>
  )
}
