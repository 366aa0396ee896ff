import { Text } from '@mantine/core'
import { useLanguage } from '../../text/language'
import classes from './RuleEditor.module.css'
import { examples } from './examples'

const names = Object.keys(examples) as (keyof typeof examples)[]

/** RuleExamples lists rules to begin with. Another one is put behind what is there: both must hold then. */
export function RuleExamples({ disabled, onChoose }: { disabled: boolean; onChoose: (rule: string) => void }) {
  const { t } = useLanguage()
  return (
    <details className={classes.help}>
      <summary>{t('rule.examples')}</summary>
      <ul className={classes.names}>
        {names.map((name) => (
          <li key={name}>
            <Text component="span" fz="sm" c="dimmed">
              {t(name)}
            </Text>
            <button type="button" disabled={disabled} onClick={() => onChoose(examples[name])}>
              {examples[name]}
            </button>
          </li>
        ))}
      </ul>
    </details>
  )
}
