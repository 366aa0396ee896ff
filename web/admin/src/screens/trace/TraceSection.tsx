import { Stack, Text } from '@mantine/core'
import type { Trace } from '../../api/types'
import { Section } from '../../parts/Section'
import { useLanguage } from '../../text/language'
import { Findings } from './Findings'
import { reasonText } from './words'

interface TraceSectionProps {
  traces: readonly Trace[]
  currency: string
  offerName: (offer: string) => string
}

/** TraceSection tells of each offer of an order why it applied, condition by condition. */
export function TraceSection({ traces, currency, offerName }: TraceSectionProps) {
  const { t } = useLanguage()
  return (
    <Section title={t('trace.why')} hint={t('trace.why.hint')}>
      {traces.length === 0 && (
        <Text fz="sm" c="dimmed">
          {t('trace.none')}
        </Text>
      )}
      <Stack gap="lg">
        {/* The contract leaves an offer out for unknown tokens of an evaluation; an order's offers are known. */}
        {traces.map((trace) => (
          <div key={`${trace.offer_id} ${trace.offer_version}`}>
            <Text component="h3" m={0} fw={600}>
              {t('redemptions.version', { offer: offerName(trace.offer_id ?? ''), version: trace.offer_version ?? 0 })}
            </Text>
            {!trace.applied && trace.reason && <Text fz="sm">{reasonText(trace.reason, t)}</Text>}
            <Findings findings={trace.conditions} currency={currency} />
          </div>
        ))}
      </Stack>
    </Section>
  )
}
