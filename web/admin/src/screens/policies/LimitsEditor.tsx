import { ActionIcon, Button, Group, NativeSelect, Stack, TextInput } from '@mantine/core'
import type { PolicyLimit } from '../../api/types'
import { Icon } from '../../parts/Icon'
import { useLanguage } from '../../text/language'

const pers: readonly PolicyLimit['per'][] = ['person', 'customer', 'organisation']

interface LimitsEditorProps {
  limits: readonly PolicyLimit[]
  onChange: (limits: PolicyLimit[]) => void
  /** error returns what is wrong with a field of the form, such as "limits.0.max". */
  error: (field: string) => string | undefined
}

/** LimitsEditor edits how many new attestations a policy gives in sliding windows. */
export function LimitsEditor({ limits, onChange, error }: LimitsEditorProps) {
  const { t } = useLanguage()
  const set = (index: number, change: Partial<PolicyLimit>) => onChange(limits.map((limit, i) => (i === index ? { ...limit, ...change } : limit)))
  const whole = (text: string) => Number(text.replace(/\D/g, '').slice(0, 6))
  const shown = (n: number) => (n ? String(n) : '')
  return (
    <Stack>
      {limits.map((limit, i) => (
        // A limit has no name of its own: it is the i-th.
        <Group key={i} align="flex-end" gap="xs" role="group" aria-label={t('limits.one', { number: i + 1 })}>
          <NativeSelect
            label={t('limits.per')}
            flex="1 1 9rem"
            data={pers.map((value) => ({ value, label: t(`limits.per.${value}`) }))}
            value={limit.per}
            error={error(`limits.${i}.per`) ?? error(`limits.${i}`)}
            onChange={(event) => set(i, { per: pers.find((per) => per === event.currentTarget.value) ?? 'person' })}
          />
          <TextInput label={t('limits.max')} w={110} inputMode="numeric" value={shown(limit.max)} error={error(`limits.${i}.max`)} onChange={(event) => set(i, { max: whole(event.currentTarget.value) })} />
          <TextInput label={t('limits.days')} w={110} inputMode="numeric" value={shown(limit.days)} error={error(`limits.${i}.days`)} onChange={(event) => set(i, { days: whole(event.currentTarget.value) })} />
          <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t('limits.remove', { number: i + 1 })} onClick={() => onChange(limits.toSpliced(i, 1))}>
            <Icon name="trash" size={16} />
          </ActionIcon>
        </Group>
      ))}
      {limits.length < 10 && (
        <div>
          <Button variant="light" size="sm" leftSection={<Icon name="plus" size={14} />} onClick={() => onChange([...limits, { per: pers.find((per) => !limits.some((l) => l.per === per)) ?? 'person', max: 1, days: 30 }])}>
            {t('limits.add')}
          </Button>
        </div>
      )}
    </Stack>
  )
}
