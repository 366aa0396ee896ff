import { NativeSelect, SimpleGrid, Stack, Text } from '@mantine/core'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useListing } from '../../api/hooks'
import { offers } from '../../api/resources'
import type { OfferVersion } from '../../api/types'
import { Listed } from '../../parts/Listed'
import { RecordTable } from '../../parts/RecordTable'
import { Section } from '../../parts/Section'
import { StateBadge } from '../../parts/StateBadge'
import { TextLink } from '../../parts/links'
import { useStore } from '../../shell/store'
import { useFormat } from '../../text/format'
import { useLanguage } from '../../text/language'
import { usePeople } from '../people/usePeople'
import { VersionDiff } from './VersionDiff'

/** Versions lists the versions of an offer, who made each and when, and compares any two of them. */
export function Versions({ offer, currency }: { offer: string; currency: string }) {
  const { id: store } = useStore()
  const list = useListing([store, 'offers', offer, 'versions'], (query) => offers.versions(store, offer, query))
  return (
    <Listed list={list} empty={null}>
      {(rows) => (
        <Stack>
          <Comparison rows={rows} currency={currency} />
          <VersionTable offer={offer} rows={rows} />
        </Stack>
      )}
    </Listed>
  )
}

/** Comparison compares the two versions that the address names, or the last change. */
function Comparison({ rows, currency }: { rows: readonly OfferVersion[]; currency: string }) {
  const { t } = useLanguage()
  const { from, to } = useSearch({ from: '/frame/s/$store/offers/$id' })
  const navigate = useNavigate()
  const find = (version: string | undefined) => rows.find((row) => String(row.version) === version)
  const after = find(to) ?? rows[0]
  const before = find(from) ?? rows.find((row) => row.version < (after?.version ?? 0))
  if (!after || !before) return <Text c="dimmed">{t(rows.length > 1 ? 'offers.version.more' : 'offers.version.first')}</Text>
  const data = rows.map((row) => ({ value: String(row.version), label: t('offers.version', { version: row.version }) }))
  const choose = (which: 'from' | 'to', version: string) =>
    void navigate({ to: '.', search: (old) => ({ ...old, from: String(before.version), to: String(after.version), [which]: version }), replace: true })
  return (
    <Section title={t('offers.compare')}>
      <SimpleGrid cols={{ base: 2 }} maw={420}>
        <NativeSelect label={t('offers.compare.from')} data={data} value={String(before.version)} onChange={(event) => choose('from', event.currentTarget.value)} />
        <NativeSelect label={t('offers.compare.to')} data={data} value={String(after.version)} onChange={(event) => choose('to', event.currentTarget.value)} />
      </SimpleGrid>
      <VersionDiff from={before} to={after} currency={currency} />
    </Section>
  )
}

function VersionTable({ offer, rows }: { offer: string; rows: readonly OfferVersion[] }) {
  const { t } = useLanguage()
  const { id: store } = useStore()
  const { time } = useFormat()
  const people = usePeople()
  return (
    <RecordTable
      label={t('offers.versions')}
      rows={rows}
      id={(row) => String(row.version)}
      columns={[
        { title: t('offers.versions'), cell: (row) => t('offers.version', { version: row.version }) },
        { title: t('column.state'), cell: (row) => <StateBadge state={row.offer.state ?? 'draft'} /> },
        { title: t('audit.actor'), cell: (row) => people.name(row.actor) },
        { title: t('audit.when'), cell: (row) => time(row.created_at) },
        {
          title: t('column.actions'),
          cell: (row) =>
            row.version > 1 && (
              <TextLink
                to="/s/$store/offers/$id"
                params={{ store, id: offer }}
                search={{ tab: 'versions', from: String(row.version - 1), to: String(row.version) }}
                aria-label={t('offers.compare.change.of', { version: row.version })}
              >
                {t('offers.compare.change')}
              </TextLink>
            ),
        },
      ]}
    />
  )
}
