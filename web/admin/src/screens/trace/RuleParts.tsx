import { Text } from '@mantine/core'
import type { RulePart } from '../../api/types'
import { useLanguage } from '../../text/language'
import classes from './Findings.module.css'
import { Tick } from './Tick'

/** RuleParts lists the parts of a rule, with the values that each was decided on. */
export function RuleParts({ parts }: { parts: readonly RulePart[] }) {
  const { t } = useLanguage()
  return (
    <ul className={classes.parts}>
      {parts.map((part, i) => (
        // Two parts of a rule may read the same.
        <li key={i}>
          <Tick holds={part.holds} />
          <div>
            <code className={classes.code}>{part.condition}</code>
            {part.saw.length > 0 && (
              <dl className={classes.said}>
                {part.saw.map((seen) => (
                  <div key={seen.name} className={classes.seen}>
                    <dt>{seen.name}</dt>
                    <dd>{seen.value || '–'}</dd>
                  </div>
                ))}
              </dl>
            )}
            {part.reason && (
              <Text fz="sm" c="var(--mantine-color-error)">
                {t('trace.undecided', { reason: part.reason })}
              </Text>
            )}
          </div>
        </li>
      ))}
    </ul>
  )
}
