import { Stack, Text } from '@mantine/core'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useChange, useRecord } from '../../api/hooks'
import { rosters } from '../../api/resources'
import type { Roster, RosterInput } from '../../api/types'
import { BackLink } from '../../parts/BackLink'
import { ConfirmButton } from '../../parts/ConfirmButton'
import { Facts } from '../../parts/Facts'
import { Loaded } from '../../parts/Loaded'
import { TextLink } from '../../parts/links'
import { Page } from '../../parts/Page'
import { Section } from '../../parts/Section'
import { useStore } from '../../shell/store'
import { done } from '../../text/done'
import { useFormat } from '../../text/format'
import { useLanguage } from '../../text/language'
import { useGroups } from '../groups/useGroups'
import { RosterForm } from './RosterForm'

/** RosterScreen shows what is known of a roster, which is not who is on it, and imports it again. */
export function RosterScreen() {
  const { t } = useLanguage()
  const { id: store, may } = useStore()
  const { id } = useParams({ from: '/frame/s/$store/rosters/$id' })
  const list = useRecord([store, 'rosters', 'all'], () => rosters.list(store, { limit: 100 }))
  const roster = list.data?.data.find((r) => r.id === id)
  return (
    <Page
      title={roster?.title ?? t('rosters.title')}
      actions={roster && may('rosters') && <Remove roster={roster} />}
      back={
        <BackLink>
          <TextLink to="/s/$store/rosters" params={{ store }}>
            {t('rosters.title')}
          </TextLink>
        </BackLink>
      }
    >
      <Loaded query={list}>{() => (roster ? <Detail key={roster.version} roster={roster} reload={() => void list.refetch()} /> : <Text>{t('rosters.missing')}</Text>)}</Loaded>
    </Page>
  )
}

function Detail({ roster, reload }: { roster: Roster; reload: () => void }) {
  const { t } = useLanguage()
  const { id: store, may } = useStore()
  const { number } = useFormat()
  const groups = useGroups()
  const save = useChange(({ id: _, ...input }: RosterInput) => rosters.save(store, roster.id, { ...input, version: roster.version }), [store, 'rosters'], [store, 'audit'])
  return (
    <Stack>
      <Section title={t('rosters.facts')}>
        <Facts
          rows={[
            [t('policies.group'), groups.title(roster.group, roster.subgroup)],
            [t('rosters.entries'), number(roster.entries)],
            [t('rosters.confidential'), t(roster.confidential ? 'yes' : 'no')],
            [t('rosters.version'), number(roster.version)],
            [t('rosters.digest'), roster.digest],
          ]}
        />
      </Section>
      {may('rosters') && (
        <RosterForm
          roster={roster}
          pending={save.isPending}
          error={save.error}
          reload={reload}
          onSave={(input) => save.mutate(input, { onSuccess: (next) => done(t('rosters.imported', { count: number(next.entries) })) })}
        />
      )}
    </Stack>
  )
}

function Remove({ roster }: { roster: Roster }) {
  const { t } = useLanguage()
  const { id: store } = useStore()
  const navigate = useNavigate()
  const remove = useChange(() => rosters.remove(store, roster.id), [store, 'rosters'], [store, 'audit'])
  return (
    <ConfirmButton
      question={t('rosters.delete', { name: roster.title })}
      consequence={t('rosters.delete.consequence')}
      confirm={t('delete')}
      act={async () => {
        await remove.mutateAsync(undefined)
        await navigate({ to: '/s/$store/rosters', params: { store } })
      }}
      error={remove.error}
      pending={remove.isPending}
    >
      {t('delete')}
    </ConfirmButton>
  )
}
