import { Group, List } from '@mantine/core'
import type { Attestation } from '../../api/types'
import { Section } from '../../parts/Section'
import { StateBadge } from '../../parts/StateBadge'
import { useFormat } from '../../text/format'
import { useLanguage } from '../../text/language'
import { useGroups } from '../groups/useGroups'

/** Holders are the attestations that the same person has already. */
export function Holders({ holders }: { holders: readonly Attestation[] }) {
  const { t } = useLanguage()
  const { time } = useFormat()
  const groups = useGroups()
  if (holders.length === 0) return null
  return (
    <Section title={t('reviews.holders')} hint={t('reviews.holders.hint')}>
      <List fz="sm" spacing="xs">
        {holders.map((held) => (
          <List.Item key={held.id}>
            <Group gap={6}>
              <b>{held.customer || t('verifications.customer.none')}</b>
              {groups.title(held.group, held.subgroup)}
              <StateBadge state={held.state} />
            </Group>
            {t('verifications.until')}: {time(held.valid_until)}
          </List.Item>
        ))}
      </List>
    </Section>
  )
}
