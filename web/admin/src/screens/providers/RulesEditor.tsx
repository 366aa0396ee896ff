import { ActionIcon, Button, Card, Group, Stack, Text, Textarea } from '@mantine/core'
import type { ProviderRule } from '../../api/types'
import { Icon } from '../../parts/Icon'
import { useLanguage } from '../../text/language'
import { GroupFields } from '../groups/GroupFields'

interface RulesEditorProps {
  rules: readonly ProviderRule[]
  onChange: (rules: ProviderRule[]) => void
  /** error returns what is wrong with a field of the form, such as "rules.0.when". */
  error: (field: string) => string | undefined
}

/** RulesEditor edits which claims put a shopper into which group. */
export function RulesEditor({ rules, onChange, error }: RulesEditorProps) {
  const { t } = useLanguage()
  const set = (index: number, change: Partial<ProviderRule>) => onChange(rules.map((rule, i) => (i === index ? { ...rule, ...change } : rule)))
  return (
    <Stack>
      {rules.map((rule, i) => (
        // A rule has no name of its own: it is the i-th to be tried.
        <Card key={i} padding="sm" radius="md" role="group" aria-label={t('providers.rule', { number: i + 1 })}>
          <Stack gap="xs">
            <Group justify="space-between">
              <Text fz="sm" fw={600}>
                {t('providers.rule', { number: i + 1 })}
              </Text>
              <ActionIcon variant="subtle" color="gray" aria-label={t('providers.rule.remove', { number: i + 1 })} onClick={() => onChange(rules.toSpliced(i, 1))}>
                <Icon name="trash" size={16} />
              </ActionIcon>
            </Group>
            <Textarea
              label={t('providers.rule.when')}
              aria-label={t('providers.rule.when.of', { number: i + 1 })}
              autosize
              minRows={1}
              ff="monospace"
              spellCheck={false}
              value={rule.when}
              error={error(`rules.${i}.when`)}
              onChange={(event) => set(i, { when: event.currentTarget.value })}
            />
            <GroupFields
              group={rule.group}
              subgroup={rule.subgroup ?? ''}
              onChange={(group, subgroup) => set(i, { group, subgroup })}
              errors={{ group: error(`rules.${i}.group`), subgroup: error(`rules.${i}.subgroup`) }}
            />
          </Stack>
        </Card>
      ))}
      <div>
        <Button variant="light" size="sm" leftSection={<Icon name="plus" size={14} />} onClick={() => onChange([...rules, { when: '', group: '', subgroup: '' }])}>
          {t('providers.rule.add')}
        </Button>
      </div>
    </Stack>
  )
}
