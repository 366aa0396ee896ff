import { Badge } from '@mantine/core'
import { useRecord } from '../../api/hooks'
import { privacy } from '../../api/resources'
import type { RetentionClass } from '../../api/types'
import { Loaded } from '../../parts/Loaded'
import { RecordTable } from '../../parts/RecordTable'
import { Section } from '../../parts/Section'
import { useStore } from '../../shell/store'
import { useFormat } from '../../text/format'
import { useLanguage } from '../../text/language'
import { className } from './classes'
import { SetRetention } from './SetRetention'

/** RetentionReport tells of everything that is kept about people: how long, how old, and what was removed. */
export function RetentionReport() {
  const { t } = useLanguage()
  const { id: store, may } = useStore()
  const { number, time } = useFormat()
  const report = useRecord([store, 'privacy', 'retention'], () => privacy.retention(store))
  return (
    <Section title={t('retention.title')} hint={t('retention.hint')} actions={report.data && may('retention') && <SetRetention key={report.data.version} retention={report.data} />}>
      <Loaded query={report}>
        {({ classes }) => (
          <RecordTable
            label={t('retention.title')}
            rows={classes}
            id={(row) => row.class}
            columns={[
              { title: t('retention.class'), cell: (row) => className(row.class, t) },
              { title: t('retention.kept'), cell: (row) => <Kept row={row} /> },
              {
                title: t('retention.oldest'),
                cell: (row) => (
                  <>
                    {time(row.oldest_at)} {row.overdue && <Badge color="red">{t('retention.overdue')}</Badge>}
                  </>
                ),
              },
              { title: t('retention.run'), cell: (row) => time(row.last_run_at) },
              { title: t('retention.removed'), number: true, cell: (row) => number(row.removed_30_days) },
            ]}
          />
        )}
      </Loaded>
    </Section>
  )
}

const day = 86_400

function Kept({ row }: { row: RetentionClass }) {
  const { t } = useLanguage()
  const { number } = useFormat()
  if (row.kept === 'days') return t('retention.days', { days: number(row.days ?? 0) })
  if (row.kept !== 'fixed') return t(`retention.${row.kept}`)
  const seconds = row.seconds ?? 0
  return seconds < day ? t('retention.minutes', { minutes: number(Math.round(seconds / 60)) }) : t('retention.days', { days: number(Math.round(seconds / day)) })
}
