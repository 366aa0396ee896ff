import { Checkbox, SimpleGrid, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import type { WebhookInput } from '../../api/types'
import { firstError } from '../../text/fields'
import { useLanguage } from '../../text/language'
import { events } from './events'

/** WebhookFields are an endpoint's fields, the same for a new and an old one. Events that are not in the catalogue are kept. */
export function WebhookFields<T extends WebhookInput>({ form }: { form: UseFormReturnType<T> }) {
  const { t } = useLanguage()
  const known: readonly string[] = events
  const all = [...events, ...form.values.events.filter((event) => !known.includes(event))]
  return (
    <>
      <TextInput label={t('webhooks.url')} description={t('webhooks.url.hint')} type="url" required {...form.getInputProps('url')} />
      <TextInput label={t('webhooks.description')} {...form.getInputProps('description')} />
      <Checkbox.Group label={t('webhooks.events')} description={t('webhooks.events.hint')} {...form.getInputProps('events')} error={firstError(form.errors, 'events')}>
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="xs" mt={6}>
          {all.map((event) => (
            <Checkbox key={event} value={event} label={event} />
          ))}
        </SimpleGrid>
      </Checkbox.Group>
    </>
  )
}
