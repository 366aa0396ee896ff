import { Button, Checkbox, Fieldset, Group, Loader, SimpleGrid, Stack, Text, TextInput } from '@mantine/core'
import { type ReactNode, useMemo, useState } from 'react'
import { type FieldError, pointerPath } from '../../api/problem'
import type { PolicyInput } from '../../api/types'
import { Icon } from '../../parts/Icon'
import { ProblemAlert } from '../../parts/ProblemAlert'
import { SaveBar } from '../../parts/SaveBar'
import { Section } from '../../parts/Section'
import { useStore } from '../../shell/store'
import { useLanguage } from '../../text/language'
import { parseDecimal } from '../../text/money'
import { GroupFields } from '../groups/GroupFields'
import { LimitsEditor } from './LimitsEditor'
import classes from './PathRow.module.css'
import { PathRow } from './PathRow'
import { usePolicyCheck } from './usePolicyCheck'

interface PolicyFormProps {
  initial: PolicyInput
  pending: boolean
  error: unknown
  onSave: (input: PolicyInput) => void
  reload?: () => void
  /** further buttons beside saving. */
  children?: ReactNode
}

/** PolicyForm edits a policy. The server judges it as one types; its words stand at the part that they are about. */
export function PolicyForm({ initial, pending, error, onSave, reload, children }: PolicyFormProps) {
  const { t, language } = useLanguage()
  const { may } = useStore()
  const [typed, setTyped] = useState({ ...initial, days: initial.validity_days ? String(initial.validity_days) : '' })
  const input = useMemo<PolicyInput>(() => {
    const { days, ...rest } = typed
    return { ...rest, validity_days: parseDecimal(days || '0', 0, language) ?? 0 }
  }, [typed, language])
  const { errors, checking } = usePolicyCheck(input)
  const set = (change: Partial<typeof typed>) => setTyped((old) => ({ ...old, ...change }))
  const about = (...fields: string[]) => problemsOf(errors ?? [], ...fields)
  const at = (...fields: string[]) => problemsAt(errors ?? [], ...fields)
  const paths = typed.paths
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        onSave(input)
      }}
    >
      <Fieldset disabled={!may('policies')} variant="unstyled">
        <Stack maw={760}>
          <ProblemAlert error={error} {...(error && reload ? { reload } : {})} />
          <Section title={t('policies.group')}>
            <GroupFields
              group={typed.group}
              subgroup={typed.subgroup}
              onChange={(group, subgroup) => set({ group, subgroup })}
              errors={{ group: about('group')[0], subgroup: about('subgroup')[0] }}
            />
          </Section>
          <Section title={t('policies.paths')} hint={t('policies.paths.hint')}>
            {paths.map((_, i) => (
              // A path has no name of its own: it is the i-th alternative.
              <PathRow key={i} paths={paths} index={i} onChange={(next) => set({ paths: next })} problems={about(`paths.${i}`)} />
            ))}
            {at('paths').map((problem) => (
              <Text key={problem} fz="sm" className={classes.problem}>
                {problem}
              </Text>
            ))}
            {may('policies') && (
              <div>
                <Button variant="light" size="sm" leftSection={<Icon name="plus" size={14} />} onClick={() => set({ paths: [...paths, []] })}>
                  {t('policies.path.add')}
                </Button>
              </div>
            )}
          </Section>
          <Section title={t('policies.validity')} hint={t('policies.validity.hint')}>
            <SimpleGrid cols={{ base: 1, xs: 2 }}>
              <TextInput
                label={t('policies.validity.days')}
                inputMode="numeric"
                value={typed.days}
                error={at('validity', 'validity.days', 'validity_days')[0]}
                onChange={(event) => set({ days: event.currentTarget.value })}
              />
              <TextInput
                label={t('policies.validity.until')}
                description={t('policies.validity.until.hint')}
                inputWrapperOrder={['label', 'input', 'description', 'error']}
                placeholder="09-30"
                value={typed.valid_until}
                error={about('validity.until', 'valid_until')[0]}
                onChange={(event) => set({ valid_until: event.currentTarget.value.trim() })}
              />
            </SimpleGrid>
            <Checkbox
              label={t('policies.selfDeclared')}
              description={t('policies.selfDeclared.hint')}
              checked={typed.accept_self_declared}
              onChange={(event) => set({ accept_self_declared: event.currentTarget.checked })}
            />
          </Section>
          <Section title={t('limits.title')} hint={t('limits.hint')}>
            <LimitsEditor limits={typed.limits} onChange={(limits) => set({ limits })} error={(field) => at(field)[0]} />
          </Section>
          {may('policies') && (
            <Group justify="space-between">
              <Verdict errors={errors} checking={checking} />
              <SaveBar pending={pending} disabled={!errors || errors.length > 0}>
                {children}
              </SaveBar>
            </Group>
          )}
        </Stack>
      </Fieldset>
    </form>
  )
}

function Verdict({ errors, checking }: { errors: FieldError[] | undefined; checking: boolean }) {
  const { t } = useLanguage()
  const text = checking ? t('policies.checking') : errors && t(errors.length ? 'policies.unsound' : 'policies.sound')
  return (
    <Group gap={6} role="status" mih={24}>
      {checking ? <Loader size={14} /> : errors && <Icon name={errors.length ? 'warn' : 'check'} size={16} />}
      <Text fz="sm">{text}</Text>
    </Group>
  )
}

/** problemsOf returns the sentences about a field and what is below it. */
function problemsOf(errors: FieldError[], ...fields: string[]): string[] {
  return errors.filter((e) => fields.some((f) => `${pointerPath(e.pointer)}.`.startsWith(`${f}.`))).map((e) => e.detail)
}

/** problemsAt returns the sentences about exactly these fields. */
function problemsAt(errors: FieldError[], ...fields: string[]): string[] {
  return errors.filter((e) => fields.includes(pointerPath(e.pointer))).map((e) => e.detail)
}
