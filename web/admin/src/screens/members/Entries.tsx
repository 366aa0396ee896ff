import { Text } from '@mantine/core'
import { useListing } from '../../api/hooks'
import { members } from '../../api/resources'
import type { MemberDetail } from '../../api/types'
import { EmptyState } from '../../parts/EmptyState'
import { Listed } from '../../parts/Listed'
import { RecordTable } from '../../parts/RecordTable'
import { Section } from '../../parts/Section'
import { useStore } from '../../shell/store'
import { useFormat } from '../../text/format'
import { useLanguage } from '../../text/language'
import classes from './Entries.module.css'

/** Entries shows a member's ledger: every movement of points. */
export function Entries({ customer, head }: { customer: string; head: MemberDetail['head'] }) {
  const { t } = useLanguage()
  const { id: store } = useStore()
  const { number, time } = useFormat()
  const list = useListing([store, 'members', customer, 'entries'], (query) => members.entries(store, customer, query))
  return (
    <Section title={t('members.entries')} hint={t('members.entries.hint')}>
      <Listed list={list} empty={<EmptyState icon="clock" title={t('members.entries.none')} next={t('members.entries.none.next')} />}>
        {(rows) => (
          <RecordTable
            label={t('members.entries')}
            rows={rows}
            id={(entry) => entry.id}
            columns={[
              { title: t('members.entry.seq'), cell: (entry) => `${entry.seq}` },
              { title: t('members.entry.kind'), cell: (entry) => entry.kind },
              { title: t('members.entry.points'), number: true, cell: (entry) => number(entry.points) },
              { title: t('members.entry.move'), cell: (entry) => `${entry.from} → ${entry.to}` },
              {
                title: t('members.entry.source'),
                cell: (entry) => (
                  <>
                    {entry.source.type} {entry.source.id}
                    {entry.reason && (
                      <Text fz="xs" c="dimmed">
                        {entry.reason}
                      </Text>
                    )}
                  </>
                ),
              },
              { title: t('members.entry.when'), cell: (entry) => time(entry.recorded_at) },
            ]}
          />
        )}
      </Listed>
      {head.hash && (
        <Text fz="xs" c="dimmed" className={classes.head}>
          {t('members.head')}: {head.hash}
        </Text>
      )}
    </Section>
  )
}
