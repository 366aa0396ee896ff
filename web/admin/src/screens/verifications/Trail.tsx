import { List, Text } from '@mantine/core'
import type { VerificationDetail } from '../../api/types'
import { Facts } from '../../parts/Facts'
import { Section } from '../../parts/Section'
import { isMessage } from '../../messages'
import { useFormat } from '../../text/format'
import { useLanguage } from '../../text/language'
import { useRequirements } from '../groups/requirements'
import { signalLines, whyText } from '../reviews/words'

/** Trail shows what happened in a verification, in order, and what stood out. Shoppers never see it. */
export function Trail({ found }: { found: VerificationDetail }) {
  const { t } = useLanguage()
  const { time } = useFormat()
  const { title } = useRequirements()
  const signals = signalLines(found.signals, t)
  const outcome = (name: string) => (isMessage(`note.${name}`) ? t(`note.${name}` as 'note.met') : name)
  return (
    <Section title={t('explain.trail')}>
      {found.trail.length === 0 ? (
        <Text c="dimmed" fz="sm">
          {t('explain.trail.none')}
        </Text>
      ) : (
        <List fz="sm" type="ordered" spacing={4}>
          {found.trail.map((note, i) => (
            // Notes have no names of their own; the list only grows.
            <List.Item key={i}>
              {time(note.at)}: {[note.requirement && title(note.requirement), outcome(note.outcome)].filter(Boolean).join(', ')}
              {note.why.length > 0 && ` (${note.why.map((code) => whyText(code, t)).join(', ')})`}
            </List.Item>
          ))}
        </List>
      )}
      <Facts
        rows={[
          [
            t('reviews.signals'),
            signals.length ? (
              <List fz="sm">
                {signals.map((line) => (
                  <List.Item key={line}>{line}</List.Item>
                ))}
              </List>
            ) : (
              t('reviews.signals.none')
            ),
          ],
          ...(found.appeal ? ([[t('appeal.title'), t('appeal.at', { time: time(found.appeal.at), state: t(`appeal.${found.appeal.state}`) })]] as const) : []),
        ]}
      />
    </Section>
  )
}
