import { SimpleGrid, Stack, Text } from '@mantine/core'
import { useParams } from '@tanstack/react-router'
import { useRecord } from '../../api/hooks'
import { privacy } from '../../api/resources'
import type { PrivacyRequest } from '../../api/types'
import { BackLink } from '../../parts/BackLink'
import { CopyField } from '../../parts/CopyField'
import { Facts } from '../../parts/Facts'
import { Loaded } from '../../parts/Loaded'
import { TextLink } from '../../parts/links'
import { Page } from '../../parts/Page'
import { Section } from '../../parts/Section'
import { StateBadge } from '../../parts/StateBadge'
import { useStore } from '../../shell/store'
import { useFormat } from '../../text/format'
import { useLanguage } from '../../text/language'
import { usePeople } from '../people/usePeople'
import { className } from './classes'

/** RequestScreen shows one privacy request: where it stands, what was removed, and the signed receipt. */
export function RequestScreen() {
  const { t } = useLanguage()
  const { id: store } = useStore()
  const { id } = useParams({ from: '/frame/s/$store/privacy/$id' })
  const request = useRecord([store, 'privacy', 'request', id], () => privacy.read(store, id))
  return (
    <Page
      title={request.data ? t(`privacy.kind.${request.data.kind}`) : t('privacy.one')}
      lead={id}
      actions={request.data && <StateBadge state={request.data.state} />}
      back={
        <BackLink>
          <TextLink to="/s/$store/privacy" params={{ store }}>
            {t('privacy.title')}
          </TextLink>
        </BackLink>
      }
    >
      <Loaded query={request}>{(data) => <Detail request={data} />}</Loaded>
    </Page>
  )
}

function Detail({ request }: { request: PrivacyRequest }) {
  const { t } = useLanguage()
  const { number, time } = useFormat()
  const people = usePeople()
  const removed = Object.entries(request.removed)
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }}>
      <Section title={t('privacy.one')}>
        <Facts
          rows={[
            [t('privacy.customer'), request.customer || request.verification_id],
            [t('privacy.by'), t(`privacy.by.${request.asked_by}`)],
            ...(request.asked_by === 'shopper' ? [] : ([[t('audit.actor'), people.name(request.actor)]] as const)),
            [t('column.created'), time(request.created_at)],
            [t('privacy.done'), time(request.done_at)],
          ]}
        />
      </Section>
      {request.kind === 'erasure' && (
        <Stack>
          <Section title={t('privacy.removed')}>
            {removed.length ? (
              <Facts rows={removed.map(([name, count]) => [className(name, t), number(count)])} />
            ) : (
              <Text c="dimmed" fz="sm">
                {t('privacy.removed.none')}
              </Text>
            )}
          </Section>
          {request.receipt && (
            <Section title={t('privacy.receipt')} hint={t('privacy.receipt.hint')}>
              <CopyField label={t('privacy.receipt.signed')} value={request.receipt} />
            </Section>
          )}
        </Stack>
      )}
    </SimpleGrid>
  )
}
