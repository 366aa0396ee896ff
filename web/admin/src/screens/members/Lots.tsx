import { Text } from '@mantine/core'
import type { Lot } from '../../api/types'
import { RecordTable } from '../../parts/RecordTable'
import { Section } from '../../parts/Section'
import { useFormat } from '../../text/format'
import { useLanguage } from '../../text/language'

/** Lots shows a member's points by where they came from and when they end. */
export function Lots({ lots }: { lots: readonly Lot[] }) {
  const { t } = useLanguage()
  const { number, date } = useFormat()
  return (
    <Section title={t('members.lots')} hint={t('members.lots.hint')}>
      {lots.length === 0 ? (
        <Text c="dimmed" fz="sm">
          {t('members.lots.none')}
        </Text>
      ) : (
        <RecordTable
          label={t('members.lots')}
          rows={lots}
          id={(lot) => lot.id}
          columns={[
            { title: t('members.lot.source'), cell: (lot) => `${lot.source.type} ${lot.source.id}` },
            {
              title: t('members.lot.remaining'),
              number: true,
              cell: (lot) => t('members.lot.of', { remaining: number(lot.remaining), granted: number(lot.granted) }),
            },
            { title: t('members.lot.active'), cell: (lot) => date(lot.activates_at) },
            { title: t('members.lot.expires'), cell: (lot) => (lot.expires_at ? date(lot.expires_at) : t('members.lot.never')) },
          ]}
        />
      )}
    </Section>
  )
}
