import { List, Stack, Text } from '@mantine/core'
import { useParams } from '@tanstack/react-router'
import { useRecord } from '../../api/hooks'
import { frauds } from '../../api/resources'
import type { Fraud } from '../../api/types'
import { BackLink } from '../../parts/BackLink'
import { Facts } from '../../parts/Facts'
import { Loaded } from '../../parts/Loaded'
import { TextLink } from '../../parts/links'
import { Page } from '../../parts/Page'
import { RecordTable } from '../../parts/RecordTable'
import { Section } from '../../parts/Section'
import { StateBadge } from '../../parts/StateBadge'
import { useStore } from '../../shell/store'
import { useFormat } from '../../text/format'
import { useLanguage } from '../../text/language'
import { usePeople } from '../people/usePeople'
import { LabelFraud } from './LabelFraud'
import { reasonName } from './reasons'

/** FraudScreen shows the label of an attestation: its history, what ended because of it, and what was redeemed on it. */
export function FraudScreen() {
  const { t } = useLanguage()
  const { id: store, may } = useStore()
  const { id } = useParams({ from: '/frame/s/$store/frauds/$id' })
  const fraud = useRecord([store, 'frauds', id], () => frauds.read(store, id))
  return (
    <Page
      title={t('fraud.one')}
      lead={id}
      actions={fraud.data && may('fraud') && <LabelFraud key={fraud.data.label} attestation={id} label={fraud.data.label} />}
      back={
        <BackLink>
          <TextLink to="/s/$store/frauds" params={{ store }}>
            {t('fraud.title')}
          </TextLink>
        </BackLink>
      }
    >
      <Loaded query={fraud}>{(data) => <Detail fraud={data} />}</Loaded>
    </Page>
  )
}

function Detail({ fraud }: { fraud: Fraud }) {
  const { t } = useLanguage()
  const { time } = useFormat()
  const people = usePeople()
  return (
    <Stack>
      <Section title={t('fraud.label')}>
        <Facts
          rows={[
            [t('fraud.label'), fraud.label === 'none' ? t('fraud.none') : <StateBadge key="label" state={fraud.label} />],
            [t('fraud.reason'), reasonName(fraud.reason, t)],
            [t('fraud.reference'), fraud.reference],
            [t('fraud.when'), time(fraud.labelled_at)],
            ...(fraud.label === 'confirmed' ? ([[t('fraud.settled'), t(fraud.settled ? 'fraud.settled.yes' : 'fraud.settled.no')]] as const) : []),
            ...(fraud.ended.length ? ([[t('fraud.ended'), fraud.ended.join(', ')]] as const) : []),
          ]}
        />
      </Section>
      <Redemptions fraud={fraud} />
      {fraud.history.length > 0 && (
        <Section title={t('fraud.history')}>
          <List fz="sm" spacing={4}>
            {fraud.history.map((mark) => (
              <List.Item key={mark.at + mark.label}>
                {time(mark.at)}: <StateBadge state={mark.label} /> {[reasonName(mark.reason, t), mark.reference, people.name(mark.actor)].filter(Boolean).join(', ')}
              </List.Item>
            ))}
          </List>
        </Section>
      )}
    </Stack>
  )
}

function Redemptions({ fraud }: { fraud: Fraud }) {
  const { t } = useLanguage()
  const { id: store } = useStore()
  const { money, number, time } = useFormat()
  return (
    <Section title={t('fraud.redemptions')}>
      {fraud.redemptions.length === 0 ? (
        <Text c="dimmed" fz="sm">
          {t('fraud.redemptions.none')}
        </Text>
      ) : (
        <RecordTable
          label={t('fraud.redemptions')}
          rows={fraud.redemptions}
          id={(row) => row.redemption_id}
          columns={[
            {
              title: t('redemptions.order'),
              cell: (row) => (
                <TextLink to="/s/$store/redemptions/$id" params={{ store, id: row.redemption_id }}>
                  {row.order_id}
                </TextLink>
              ),
            },
            { title: t('verifications.customer'), cell: (row) => row.customer || t('verifications.customer.none') },
            { title: t('fraud.discount'), number: true, cell: (row) => money(row.discount, row.currency) },
            {
              title: t('fraud.points'),
              number: true,
              cell: (row) => (row.points_forfeited ? t('fraud.points.back', { points: number(row.points), back: number(row.points_forfeited) }) : number(row.points)),
            },
            { title: t('audit.when'), cell: (row) => time(row.created_at) },
          ]}
        />
      )}
    </Section>
  )
}
