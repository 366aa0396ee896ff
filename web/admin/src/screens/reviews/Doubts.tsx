import { List, Text } from '@mantine/core'
import type { ReviewFile } from '../../api/types'
import { Facts } from '../../parts/Facts'
import { Section } from '../../parts/Section'
import { useFormat } from '../../text/format'
import { useLanguage } from '../../text/language'
import { useRequirements } from '../groups/requirements'
import { signalLines, whyText } from './words'

/** Doubts says why a person has to look, what stands out, and what the shopper gave up on the way. */
export function Doubts({ file }: { file: ReviewFile }) {
  const { t } = useLanguage()
  const { time } = useFormat()
  const { title } = useRequirements()
  const signals = signalLines(file.signals, t)
  return (
    <Section title={t('reviews.question')}>
      <Facts
        rows={[
          [t('reviews.requirement'), title(file.review.requirement)],
          [t('reviews.why'), <Lines key="why" lines={file.review.why.map((code) => whyText(code, t))} />],
          [t('reviews.signals'), signals.length ? <Lines key="signals" lines={signals} /> : t('reviews.signals.none')],
          [
            t('reviews.givenUp'),
            file.given_up.length ? (
              <Lines key="given" lines={file.given_up.map((g) => t('reviews.givenUp.at', { name: title(g.requirement), time: time(g.at) }))} />
            ) : (
              t('none')
            ),
          ],
          [t('reviews.met'), file.met.map(title).join(', ') || t('none')],
          ...(file.tries > 0 ? ([[t('reviews.tries'), String(file.tries)]] as const) : []),
        ]}
      />
    </Section>
  )
}

function Lines({ lines }: { lines: readonly string[] }) {
  if (lines.length < 2) return <Text fz="sm">{lines[0]}</Text>
  return (
    <List fz="sm">
      {lines.map((line) => (
        <List.Item key={line}>{line}</List.Item>
      ))}
    </List>
  )
}
