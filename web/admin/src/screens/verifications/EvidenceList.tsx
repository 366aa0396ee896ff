import { Card, Stack, Text } from '@mantine/core'
import type { Evidence } from '../../api/types'
import { Facts } from '../../parts/Facts'
import { useFormat } from '../../text/format'
import { useLanguage } from '../../text/language'
import { useRequirements } from '../groups/requirements'
import { factText } from '../reviews/words'

/** EvidenceList shows what a shopper proved with. It holds no personal data: persons are known by keyed hashes only. */
export function EvidenceList({ evidence }: { evidence: readonly Evidence[] }) {
  const { t } = useLanguage()
  const { time } = useFormat()
  const { title } = useRequirements()
  if (evidence.length === 0) {
    return (
      <Text c="dimmed" fz="sm">
        {t('verifications.evidence.none')}
      </Text>
    )
  }
  return (
    <Stack gap="xs">
      {evidence.map((piece) => (
        <Card key={piece.id} padding="sm" radius="md">
          <Facts
            rows={[
              [t('verifications.evidence.requirement'), title(piece.requirement)],
              [t('verifications.evidence.class'), piece.classes.join(', ')],
              [t('verifications.evidence.organisation'), piece.organisation],
              ...Object.entries(piece.facts).map(([name, value]) => [factText(name, t), value] as const),
              [t('column.created'), time(piece.created_at)],
            ]}
          />
        </Card>
      ))}
    </Stack>
  )
}
