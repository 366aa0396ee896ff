import { ActionIcon, Autocomplete, Button, Group, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { Icon } from '../../parts/Icon'
import { MoneyInput } from '../../parts/MoneyInput'
import { useLanguage } from '../../text/language'
import { currencies } from '../stores/choices'
import type { ProgramDraft } from './draft'

/** EarnFields edits how many points an amount of each currency earns. */
export function EarnFields({ form }: { form: UseFormReturnType<ProgramDraft> }) {
  const { t } = useLanguage()
  return (
    <>
      {form.values.earn.map((rule, i) => (
        // A rule has no name of its own but its place: two rows may have the same currency while one is typed.
        <Group key={i} align="flex-end" gap="xs" wrap="nowrap" role="group" aria-label={`${t('program.earn')} ${i + 1}`}>
          <TextInput label={t('program.earn.points')} inputMode="numeric" flex={1} {...form.getInputProps(`earn.${i}.points`)} />
          <MoneyInput label={t('program.earn.per')} currency={rule.currency} flex={2} {...form.getInputProps(`earn.${i}.per_amount`)} />
          <Autocomplete label={t('program.earn.currency')} data={currencies()} limit={20} flex={1.4} {...form.getInputProps(`earn.${i}.currency`)} />
          <ActionIcon
            variant="subtle"
            color="gray"
            size="lg"
            aria-label={t('program.earn.remove', { currency: rule.currency || i + 1 })}
            onClick={() => form.removeListItem('earn', i)}
          >
            <Icon name="trash" size={16} />
          </ActionIcon>
        </Group>
      ))}
      <div>
        <Button
          size="sm"
          variant="light"
          leftSection={<Icon name="plus" size={14} />}
          onClick={() => form.insertListItem('earn', { currency: '', points: '1', per_amount: '1' })}
        >
          {t('program.earn.add')}
        </Button>
      </div>
    </>
  )
}
