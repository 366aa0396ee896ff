import type { Finding } from '../../api/types'
import { useFormat } from '../../text/format'
import { useLanguage } from '../../text/language'
import classes from './Findings.module.css'
import { RuleParts } from './RuleParts'
import { Tick } from './Tick'
import { conditionName, sayFinding } from './words'

/** Findings lists the conditions of an offer in the order of judging: what each saw, what it wants, and whether it holds. */
export function Findings({ findings, currency }: { findings: readonly Finding[]; currency: string }) {
  const { t } = useLanguage()
  const { money, time } = useFormat()
  const saying = { t, time, money: (minor: number) => money(minor, currency) }
  return (
    <ol className={classes.findings} aria-label={t('trace.title')}>
      {findings.map((finding) => (
        <li key={finding.condition}>
          <Tick holds={finding.holds} />
          <div>
            <div className={classes.name}>{conditionName(finding.condition, t)}</div>
            {finding.rule?.length ? (
              <RuleParts parts={finding.rule} />
            ) : (
              <dl className={classes.said}>
                <dt>{t('trace.saw')}</dt>
                <dd>{sayFinding(finding, 'saw', saying) || '–'}</dd>
                <dt>{t('trace.wants')}</dt>
                <dd>{sayFinding(finding, 'wants', saying) || '–'}</dd>
              </dl>
            )}
          </div>
        </li>
      ))}
    </ol>
  )
}
