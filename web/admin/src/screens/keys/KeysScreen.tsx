import { Button, Code, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useListing } from '../../api/hooks'
import { keys } from '../../api/resources'
import type { ApiKey } from '../../api/types'
import { CopyField } from '../../parts/CopyField'
import { EmptyState } from '../../parts/EmptyState'
import { Icon } from '../../parts/Icon'
import { Listed } from '../../parts/Listed'
import { Page } from '../../parts/Page'
import { RecordTable } from '../../parts/RecordTable'
import { StateBadge } from '../../parts/StateBadge'
import { useStore } from '../../shell/store'
import { useFormat } from '../../text/format'
import { useLanguage } from '../../text/language'
import { NewKey } from './NewKey'
import { RevokeKey } from './RevokeKey'

/** KeysScreen lists a store's keys; an owner makes and revokes them. */
export function KeysScreen() {
  const { t } = useLanguage()
  const { time } = useFormat()
  const { id, may } = useStore()
  const [opened, { open, close }] = useDisclosure(false)
  const list = useListing([id, 'keys'], (query) => keys.list(id, query))
  const create = may('keys') && (
    <Button leftSection={<Icon name="plus" size={16} />} onClick={open}>
      {t('keys.new')}
    </Button>
  )
  return (
    <Page title={t('keys.title')} lead={t('keys.lead')} actions={create}>
      <Listed list={list} empty={<EmptyState icon="key" title={t('keys.empty')} next={t('keys.empty.next')} action={create} />}>
        {(rows) => (
          <RecordTable
            label={t('keys.title')}
            rows={rows}
            id={(key) => key.id}
            columns={[
              {
                title: t('keys.name'),
                cell: (key) => (
                  <>
                    <Text fz="sm" fw={600}>
                      {key.name}
                    </Text>
                    <Text fz="xs" c="dimmed">
                      {t(`keys.${key.kind}`)}
                    </Text>
                  </>
                ),
              },
              { title: t('keys.key'), cell: (key) => <Shown apiKey={key} /> },
              { title: t('scopes.title'), cell: (key) => key.kind === 'secret' && <Scopes apiKey={key} /> },
              { title: t('column.created'), cell: (key) => time(key.created_at) },
              { title: t('column.state'), cell: (key) => <StateBadge state={key.revoked_at ? 'revoked' : 'active'} /> },
              ...(may('keys')
                ? [{ title: t('column.actions'), number: true, cell: (key: ApiKey) => (key.revoked_at ? null : <RevokeKey apiKey={key} />) }]
                : []),
            ]}
          />
        )}
      </Listed>
      {may('keys') && <NewKey opened={opened} onClose={close} />}
    </Page>
  )
}

function Shown({ apiKey }: { apiKey: ApiKey }) {
  const { t } = useLanguage()
  if (apiKey.plain && !apiKey.revoked_at) return <CopyField label={`${t('keys.key')} ${apiKey.name}`} value={apiKey.plain} />
  return <Code>{`${apiKey.kind === 'secret' ? 'sk' : 'pk'}_…${apiKey.hint}`}</Code>
}

function Scopes({ apiKey }: { apiKey: ApiKey }) {
  const { t } = useLanguage()
  return <Text fz="sm">{apiKey.scopes.length ? apiKey.scopes.join(', ') : t('scopes.all')}</Text>
}
