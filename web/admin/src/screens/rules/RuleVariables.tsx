import { Text } from '@mantine/core'
import type { RuleVariable } from '../../api/types'
import { useLanguage } from '../../text/language'
import classes from './RuleEditor.module.css'

interface RuleVariablesProps {
  variables: readonly RuleVariable[]
  disabled: boolean
  onChoose: (name: string) => void
}

/** RuleVariables lists what a rule can name; a name is put where the cursor stands. */
export function RuleVariables({ variables, disabled, onChoose }: RuleVariablesProps) {
  const { t } = useLanguage()
  return (
    <details className={classes.help}>
      <summary>{t('rule.variables')}</summary>
      <ul className={classes.names}>
        {variables.map((variable) => (
          <li key={variable.name}>
            <button type="button" disabled={disabled} onClick={() => onChoose(variable.name.replace(/^Line\./, 'l.'))}>
              {variable.name}
            </button>
            <Text component="span" fz="sm" c="dimmed">
              {variable.type}, {variable.doc}
            </Text>
          </li>
        ))}
      </ul>
    </details>
  )
}
