import { Group, Text } from '@mantine/core'
import type { Attestation } from '../../api/types'
import { Facts } from '../../parts/Facts'
import { TextLink } from '../../parts/links'
import { Section } from '../../parts/Section'
import { StateBadge } from '../../parts/StateBadge'
import { useStore } from '../../shell/store'
import { useFormat } from '../../text/format'
import { useLanguage } from '../../text/language'
import { LabelFraud } from '../fraud/LabelFraud'
import { EndAttestation } from './EndAttestation'

/** AttestationSection shows what a verification attests, and lets those who may end it. */
export function AttestationSection({ attestation, verification }: { attestation: Attestation | null | undefined; verification: string }) {
  const { t } = useLanguage()
  const { id: store, may } = useStore()
  const { time } = useFormat()
  const active = attestation && !attestation.ended_at
  return (
    <Section
      title={t('verifications.attestation')}
      actions={
        <Group gap="xs">
          {attestation && may('fraud') && <LabelFraud attestation={attestation.id} />}
          {active && may('attestations') && <EndAttestation attestation={attestation.id} verification={verification} />}
        </Group>
      }
    >
      {attestation ? (
        <Facts
          rows={[
            [t('column.state'), <StateBadge key="state" state={attestation.state} />],
            [t('verifications.until'), time(attestation.valid_until)],
            [
              t('fraud.title'),
              <TextLink key="fraud" to="/s/$store/frauds/$id" params={{ store, id: attestation.id }}>
                {t('fraud.one')}
              </TextLink>,
            ],
            ...(attestation.ended_at ? ([[t('verifications.ended'), `${time(attestation.ended_at)}: ${attestation.end_reason}`]] as const) : []),
          ]}
        />
      ) : (
        <Text c="dimmed" fz="sm">
          {t('verifications.attestation.none')}
        </Text>
      )}
    </Section>
  )
}
