import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useListing } from '../../api/hooks'
import { webhooks } from '../../api/resources'
import { EmptyState } from '../../parts/EmptyState'
import { Icon } from '../../parts/Icon'
import { Listed } from '../../parts/Listed'
import { TextLink } from '../../parts/links'
import { Page } from '../../parts/Page'
import { RecordTable } from '../../parts/RecordTable'
import { StateBadge } from '../../parts/StateBadge'
import { useStore } from '../../shell/store'
import { useFormat } from '../../text/format'
import { useLanguage } from '../../text/language'
import { NewWebhook } from './NewWebhook'

/** Webhooks lists the endpoints that hear of a store's events. */
export function Webhooks() {
  const { t } = useLanguage()
  const { id, may } = useStore()
  const { time } = useFormat()
  const [opened, { open, close }] = useDisclosure(false)
  const list = useListing([id, 'webhooks'], (query) => webhooks.list(id, query))
  const create = may('webhooks') && (
    <Button leftSection={<Icon name="plus" size={16} />} onClick={open}>
      {t('webhooks.new')}
    </Button>
  )
  return (
    <Page title={t('webhooks.title')} lead={t('webhooks.lead')} actions={create}>
      <Listed list={list} empty={<EmptyState icon="hook" title={t('webhooks.empty')} next={t('webhooks.empty.next')} action={create} />}>
        {(rows) => (
          <RecordTable
            label={t('webhooks.title')}
            rows={rows}
            id={(hook) => hook.id}
            columns={[
              {
                title: t('webhooks.url'),
                cell: (hook) => (
                  <TextLink to="/s/$store/webhooks/$id" params={{ store: id, id: hook.id }}>
                    {hook.url}
                  </TextLink>
                ),
              },
              { title: t('webhooks.description'), cell: (hook) => hook.description || '–' },
              { title: t('webhooks.events'), cell: (hook) => (hook.events.length ? t('webhooks.events.count', { count: hook.events.length }) : t('webhooks.events.all')) },
              { title: t('column.state'), cell: (hook) => <StateBadge state={hook.state} /> },
              { title: t('column.created'), cell: (hook) => time(hook.created_at) },
            ]}
          />
        )}
      </Listed>
      {may('webhooks') && <NewWebhook opened={opened} onClose={close} />}
    </Page>
  )
}
