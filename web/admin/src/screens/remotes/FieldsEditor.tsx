import { ActionIcon, Button, Card, Checkbox, Group, NativeSelect, SimpleGrid, Stack, Text, TextInput } from '@mantine/core'
import type { RemoteField } from '../../api/types'
import { Icon } from '../../parts/Icon'
import { TextsInput } from '../../parts/TextsInput'
import { useLanguage } from '../../text/language'

const types: readonly RemoteField['type'][] = ['text', 'email', 'number', 'date']

interface FieldsEditorProps {
  fields: readonly RemoteField[]
  locales: readonly string[]
  onChange: (fields: RemoteField[]) => void
  /** error returns what is wrong with a field of the form, such as "fields.0.name". */
  error: (field: string) => string | undefined
}

/** FieldsEditor edits what a shopper gives to a store's own verifier. */
export function FieldsEditor({ fields, locales, onChange, error }: FieldsEditorProps) {
  const { t } = useLanguage()
  const set = (index: number, change: Partial<RemoteField>) => onChange(fields.map((field, i) => (i === index ? { ...field, ...change } : field)))
  return (
    <Stack>
      {fields.map((field, i) => (
        // A field's name is typed here, so its place is its name.
        <Card key={i} padding="sm" radius="md" role="group" aria-label={t('remotes.field', { number: i + 1 })}>
          <Stack gap="xs">
            <Group justify="space-between">
              <Text fz="sm" fw={600}>
                {t('remotes.field', { number: i + 1 })}
              </Text>
              <ActionIcon variant="subtle" color="gray" disabled={fields.length === 1} aria-label={t('remotes.field.remove', { number: i + 1 })} onClick={() => onChange(fields.toSpliced(i, 1))}>
                <Icon name="trash" size={16} />
              </ActionIcon>
            </Group>
            <SimpleGrid cols={{ base: 1, xs: 3 }}>
              <TextInput label={t('remotes.field.name')} required value={field.name} error={error(`fields.${i}.name`)} onChange={(event) => set(i, { name: event.currentTarget.value })} />
              <NativeSelect
                label={t('remotes.field.type')}
                data={types.map((value) => ({ value, label: t(`remotes.type.${value}`) }))}
                value={field.type}
                onChange={(event) => set(i, { type: types.find((type) => type === event.currentTarget.value) ?? 'text' })}
              />
              <TextInput
                label={t('remotes.field.length')}
                inputMode="numeric"
                placeholder="200"
                value={field.max_length ? String(field.max_length) : ''}
                error={error(`fields.${i}.max_length`)}
                onChange={(event) => set(i, { max_length: Number(event.currentTarget.value.replace(/\D/g, '')) })}
              />
            </SimpleGrid>
            <TextsInput label={t('remotes.field.label')} locales={locales} value={field.label} onChange={(label) => set(i, { label })} error={() => error(`fields.${i}.label`)} />
            <Checkbox label={t('remotes.field.required')} checked={field.required ?? false} onChange={(event) => set(i, { required: event.currentTarget.checked })} />
            <Checkbox label={t('remotes.field.limited')} checked={field.limited ?? false} onChange={(event) => set(i, { limited: event.currentTarget.checked })} />
          </Stack>
        </Card>
      ))}
      <div>
        <Button variant="light" size="sm" leftSection={<Icon name="plus" size={14} />} onClick={() => onChange([...fields, { name: '', label: {}, type: 'text' }])}>
          {t('remotes.field.add')}
        </Button>
      </div>
    </Stack>
  )
}
