import { Badge, Group, Text } from '@mantine/core'
import { useListing } from '../../api/hooks'
import { packs } from '../../api/resources'
import type { Pack, PackVersion } from '../../api/types'
import { Listed } from '../../parts/Listed'
import { RecordTable } from '../../parts/RecordTable'
import { Section } from '../../parts/Section'
import { useStore } from '../../shell/store'
import { useFormat } from '../../text/format'
import { useLanguage } from '../../text/language'
import { usePeople } from '../people/usePeople'
import { CompareVersion } from './CompareVersion'
import { PinVersion } from './PinVersion'
import { RollBack } from './RollBack'

/** History lists a pack's versions: who made each from what, and what each changed. One can go back to any. */
export function History({ pack }: { pack: Pack }) {
  const { t } = useLanguage()
  const { id: store, may } = useStore()
  const { number, time } = useFormat()
  const people = usePeople()
  const list = useListing([store, 'data-packs', 'versions', pack.id], (query) => packs.versions(store, pack.id, query))
  return (
    <Section title={t('packs.history')} actions={may('packs') && pack.pinned && <PinVersion pack={pack} version={0} />}>
      <Listed list={list} empty={null}>
        {(rows) => (
          <RecordTable
            label={t('packs.history')}
            rows={rows}
            id={(row) => String(row.version)}
            columns={[
              {
                title: t('packs.version'),
                cell: (row) => (
                  <Group gap={6}>
                    {t('packs.version.of', { version: row.version })}
                    {row.version === pack.in_force && <Badge color="green">{t('packs.inForce')}</Badge>}
                  </Group>
                ),
              },
              { title: t('audit.when'), cell: (row) => time(row.created_at) },
              { title: t('audit.actor'), cell: (row) => people.name(row.by) },
              { title: t('packs.source'), cell: (row) => <From version={row} /> },
              { title: t('packs.history.change'), cell: (row) => t('packs.history.counts', { in: number(row.domains_in), out: number(row.domains_out) }) },
              {
                title: t('column.actions'),
                number: true,
                cell: (row) => (
                  <Group gap={4} justify="flex-end">
                    <CompareVersion pack={pack} version={row.version} />
                    {may('packs') && row.version !== pack.in_force && <PinVersion pack={pack} version={row.version} />}
                    {may('packs') && pack.scope === 'store' && row.version !== pack.version && <RollBack pack={pack} to={row.version} />}
                  </Group>
                ),
              },
            ]}
          />
        )}
      </Listed>
    </Section>
  )
}

function From({ version }: { version: PackVersion }) {
  const { t } = useLanguage()
  return (
    <>
      {version.source || version.format}
      {version.rolled_back_to && (
        <Text fz="xs" c="dimmed">
          {t('packs.history.rolledBack', { version: version.rolled_back_to })}
        </Text>
      )}
    </>
  )
}
