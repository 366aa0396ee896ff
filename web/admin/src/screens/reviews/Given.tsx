import { Stack, Text } from '@mantine/core'
import type { ReviewFile } from '../../api/types'
import { Facts } from '../../parts/Facts'
import { Section } from '../../parts/Section'
import { useLanguage } from '../../text/language'
import { useRequirements } from '../groups/requirements'
import { EvidenceList } from '../verifications/EvidenceList'
import { fieldText, given } from './words'

/** Given shows what the shopper typed, and what the check found by it. */
export function Given({ file }: { file: ReviewFile }) {
  const { t } = useLanguage()
  const { title } = useRequirements()
  return (
    <>
      <Section title={t('reviews.collected')} hint={file.collected.length > 0 && t('reviews.collected.hint')}>
        {file.collected.length === 0 && (
          <Text c="dimmed" fz="sm">
            {t('reviews.collected.none')}
          </Text>
        )}
        {file.collected.map((part) => (
          <Stack key={part.requirement} gap="xs">
            {file.collected.length > 1 && (
              <Text fz="sm" fw={600}>
                {title(part.requirement)}
              </Text>
            )}
            <Facts rows={given(part.fields).map(([name, value]) => [fieldText(name, t), value])} />
          </Stack>
        ))}
      </Section>
      <Section title={t('reviews.evidence')}>
        <EvidenceList evidence={file.evidence} />
      </Section>
    </>
  )
}
