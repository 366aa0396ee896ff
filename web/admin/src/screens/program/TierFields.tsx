import { ActionIcon, Button, Group, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { Icon } from '../../parts/Icon'
import { useLanguage } from '../../text/language'
import type { ProgramDraft } from './draft'

/** TierFields edits the tiers of a program and the points that lead to them. */
export function TierFields({ form }: { form: UseFormReturnType<ProgramDraft> }) {
  const { t } = useLanguage()
  return (
    <>
      {form.values.tiers.map((_, i) => (
        // A tier's id is typed here, so its place is its name.
        <Group key={i} align="flex-end" gap="xs" wrap="nowrap">
          <TextInput
            label={i === 0 ? t('program.name') : undefined}
            aria-label={t('program.tier.name', { number: i + 1 })}
            flex={2}
            {...form.getInputProps(`tiers.${i}.name`)}
          />
          <TextInput
            label={i === 0 ? t('program.tier.column.id') : undefined}
            aria-label={t('program.tier.id', { number: i + 1 })}
            flex={1.5}
            {...form.getInputProps(`tiers.${i}.id`)}
          />
          <TextInput
            label={i === 0 ? t('program.tier.column.threshold') : undefined}
            aria-label={t('program.tier.threshold', { number: i + 1 })}
            inputMode="numeric"
            flex={1.5}
            {...form.getInputProps(`tiers.${i}.threshold`)}
          />
          <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t('program.tier.remove', { number: i + 1 })} onClick={() => form.removeListItem('tiers', i)}>
            <Icon name="trash" size={16} />
          </ActionIcon>
        </Group>
      ))}
      <div>
        <Button size="sm" variant="light" leftSection={<Icon name="plus" size={14} />} onClick={() => form.insertListItem('tiers', { id: '', name: '', threshold: '0' })}>
          {t('program.tier.add')}
        </Button>
      </div>
    </>
  )
}
