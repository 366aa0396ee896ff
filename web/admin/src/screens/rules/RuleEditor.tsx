import { Input, Stack, Text } from '@mantine/core'
import { type ReactNode, useId, useRef } from 'react'
import { ProblemAlert } from '../../parts/ProblemAlert'
import { useLanguage } from '../../text/language'
import classes from './RuleEditor.module.css'
import { RuleExamples } from './RuleExamples'
import { RuleVariables } from './RuleVariables'
import { joined } from './examples'
import { pieces, plainDetail, stretchAt } from './place'
import { useRuleCheck } from './useRuleCheck'

interface RuleEditorProps {
  value: string
  onChange: (rule: string) => void
  /** error is what the server said when the rule was to be saved. */
  error?: ReactNode
  disabled?: boolean
}

/** RuleEditor edits a rule in CEL: it is checked as one types, and what is wrong is marked where it stands. */
export function RuleEditor({ value, onChange, error, disabled = false }: RuleEditorProps) {
  const { t } = useLanguage()
  const id = useId()
  const area = useRef<HTMLTextAreaElement>(null)
  const { check, current, error: unanswered } = useRuleCheck(value)
  const wrong = current && value.trim() ? (check?.errors ?? []) : []
  const places = wrong.map((e) => stretchAt(value, e.line, e.column))
  const status = !value.trim() ? t('rule.none') : current && check ? t(check.ok ? 'rule.sound' : 'rule.unsound', { count: wrong.length }) : t('rule.checking')

  const select = (from: number, to: number) => {
    area.current?.focus()
    area.current?.setSelectionRange(from, to)
  }
  const insert = (text: string) => {
    const { selectionStart: from = value.length, selectionEnd: to = value.length } = area.current ?? {}
    onChange(value.slice(0, from) + text + value.slice(to))
    requestAnimationFrame(() => select(from + text.length, from + text.length))
  }

  return (
    <Stack gap="xs">
      <Input.Wrapper id={id} label={t('rule.label')} description={t('rule.hint')} {...(wrong.length ? {} : { error })}>
        <div className={classes.sheet} data-wrong={wrong.length > 0 || undefined}>
          <pre className={classes.marks} aria-hidden="true">
            {pieces(value, places).map((piece, i) => (piece.marked ? <mark key={i}>{piece.text}</mark> : piece.text))}
            {'\n'}
          </pre>
          <textarea
            ref={area}
            id={id}
            className={classes.text}
            value={value}
            disabled={disabled}
            spellCheck={false}
            autoCapitalize="off"
            autoComplete="off"
            aria-invalid={wrong.length > 0 || Boolean(error)}
            aria-describedby={`${id}-status ${id}-errors`}
            onChange={(event) => onChange(event.currentTarget.value)}
          />
        </div>
      </Input.Wrapper>
      <Text id={`${id}-status`} fz="sm" c={wrong.length ? 'var(--mantine-color-error)' : 'dimmed'} role="status">
        {status}
      </Text>
      <ul id={`${id}-errors`} className={classes.list}>
        {wrong.map((e, i) => (
          <li key={`${e.line}:${e.column}:${e.detail}`}>
            <button type="button" className={classes.place} onClick={() => select(places[i]?.from ?? 0, places[i]?.to ?? 0)}>
              {t('rule.place', { line: e.line, column: e.column })}
            </button>
            {': '}
            {plainDetail(e.detail)}
          </li>
        ))}
      </ul>
      <ProblemAlert error={unanswered} />
      <RuleVariables variables={check?.variables ?? []} disabled={disabled} onChoose={insert} />
      <RuleExamples disabled={disabled} onChoose={(rule) => onChange(joined(value, rule))} />
    </Stack>
  )
}
