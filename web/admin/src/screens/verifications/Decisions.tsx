import { Badge, Button, Card, Group, List, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useRecord } from '../../api/hooks'
import { verifications } from '../../api/resources'
import type { Replay } from '../../api/types'
import { CopyField } from '../../parts/CopyField'
import { Facts } from '../../parts/Facts'
import { Loaded } from '../../parts/Loaded'
import { Section } from '../../parts/Section'
import { StateBadge } from '../../parts/StateBadge'
import { useStore } from '../../shell/store'
import { useFormat } from '../../text/format'
import { useLanguage } from '../../text/language'
import { useRequirements } from '../groups/requirements'
import { whyText } from '../reviews/words'

/** Decisions shows each decision on a verification with its receipt, made once more from what is stored. */
export function Decisions({ verification }: { verification: string }) {
  const { t } = useLanguage()
  const { id: store } = useStore()
  const found = useRecord([store, 'verifications', verification, 'decisions'], () => verifications.explain(store, verification))
  return (
    <Section title={t('explain.title')}>
      <Loaded query={found}>
        {({ decisions }) =>
          decisions.length ? (
            <Stack gap="xs">
              {decisions.map((decision) => (
                <Decision key={decision.id} decision={decision} />
              ))}
            </Stack>
          ) : (
            <Text c="dimmed" fz="sm">
              {t('explain.none')}
            </Text>
          )
        }
      </Loaded>
    </Section>
  )
}

const colors = { same: 'green', other: 'red', inputs_gone: 'gray' } as const

function Decision({ decision }: { decision: Replay }) {
  const { t } = useLanguage()
  const { time } = useFormat()
  const { title } = useRequirements()
  const [shown, { toggle }] = useDisclosure(false)
  const digests = Object.entries(decision.digests)
  return (
    <Card padding="sm" radius="md">
      <Stack gap="sm">
        <Group gap="xs">
          <StateBadge state={decision.decided} />
          <Badge color={colors[decision.replayed]}>{t(`explain.replayed.${decision.replayed}`)}</Badge>
        </Group>
        <Facts
          rows={[
            [t('explain.decided'), time(decision.at)],
            [t('verifications.policy'), t('verifications.version', { version: decision.policy_version })],
            ...(decision.path.length ? ([[t('explain.path'), decision.path.map(title).join(', ')]] as const) : []),
            ...(decision.reasons.length ? ([[t('explain.reasons'), decision.reasons.map((code) => whyText(code, t)).join(', ')]] as const) : []),
            [t('explain.signature'), t(`explain.signature.${decision.signature}`)],
            [t('explain.replayed'), decision.findings.join(' ')],
            ...(digests.length ? ([[t('explain.digests'), digests.map(([name, digest]) => `${name} ${digest.slice(0, 19)}…`).join(', ')]] as const) : []),
            ...(decision.today.length
              ? ([
                  [
                    t('explain.today'),
                    <List key="today" fz="sm">
                      {decision.today.map((row) => (
                        <List.Item key={row.requirement}>{t(row.holds ? 'explain.today.holds' : 'explain.today.gone', { name: title(row.requirement), why: row.why })}</List.Item>
                      ))}
                    </List>,
                  ],
                ] as const)
              : []),
          ]}
        />
        <div>
          <Button size="compact-sm" variant="default" aria-expanded={shown} onClick={toggle}>
            {t('explain.receipt.show')}
          </Button>
        </div>
        {shown && (
          <Stack gap={4}>
            <Text fz="xs" c="dimmed">
              {t('explain.receipt.hint')}
            </Text>
            <CopyField label={t('explain.receipt')} value={decision.receipt} />
          </Stack>
        )}
      </Stack>
    </Card>
  )
}
