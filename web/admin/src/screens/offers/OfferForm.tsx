import { Checkbox, Fieldset, SimpleGrid, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { type ReactNode, useEffect } from 'react'
import type { Offer, OfferInput } from '../../api/types'
import { ProblemAlert } from '../../parts/ProblemAlert'
import { SaveBar } from '../../parts/SaveBar'
import { Section } from '../../parts/Section'
import { TextsInput } from '../../parts/TextsInput'
import { useStore } from '../../shell/store'
import { showOn, taken } from '../../text/fields'
import { useLanguage } from '../../text/language'
import { GroupFields } from '../groups/GroupFields'
import { BenefitFields } from './BenefitFields'
import { type OfferDraft, draftOf, readDraft } from './draft'

interface OfferFormProps {
  /** offer is null for a new one. */
  offer: Offer | null
  currency: string
  locales: readonly string[]
  pending: boolean
  error: unknown
  onSave: (input: OfferInput) => void
  reload?: () => void
  children?: ReactNode
}

const fields = taken('name', 'description.', 'group', 'subgroup', 'benefit.', 'minimum_order', 'starts_at', 'ends_at', 'limits.', 'token_seconds', 'priority', 'exclusive')

/** OfferForm edits an offer. Amounts are typed in major units and sent in minor ones. */
export function OfferForm({ offer, currency, locales, pending, error, onSave, reload, children }: OfferFormProps) {
  const { t, language } = useLanguage()
  const { may } = useStore()
  const form = useForm<OfferDraft>({ initialValues: draftOf(offer, currency, language) })
  const { setErrors } = form
  useEffect(() => showOn({ setErrors }, error), [error, setErrors])
  const submit = form.onSubmit((draft) => {
    const read = readDraft(draft, language)
    if ('input' in read) onSave(read.input)
    else setErrors(Object.fromEntries(Object.entries(read.errors).map(([field, key]) => [field, t(key)])))
  })
  return (
    <form onSubmit={submit} noValidate>
      <Fieldset disabled={!may('offers')} variant="unstyled">
        <Stack>
          <ProblemAlert error={error} fields={fields} {...(error && reload ? { reload } : {})} />
          <Section title={t('offers.edit')}>
            <TextInput label={t('offers.name')} required {...form.getInputProps('name')} />
            <TextsInput
              label={t('offers.description')}
              locales={locales}
              value={form.values.description}
              onChange={(description) => form.setFieldValue('description', description)}
              error={(locale) => form.errors[`description.${locale}`]?.toString()}
            />
          </Section>
          <Section title={t('offers.benefit')}>
            <BenefitFields form={form} />
          </Section>
          <Section title={t('offers.for')} hint={t('offers.for.hint')}>
            <GroupFields
              group={form.values.group}
              subgroup={form.values.subgroup}
              anyone={t('offers.everybody')}
              onChange={(group, subgroup) => form.setValues({ group, subgroup })}
              errors={{ group: form.errors.group, subgroup: form.errors.subgroup }}
            />
          </Section>
          <Section title={t('offers.limits')} hint={t('offers.limits.hint')}>
            <SimpleGrid cols={{ base: 1, xs: 3 }}>
              <TextInput label={t('offers.limits.total')} inputMode="numeric" {...form.getInputProps('limits.total')} />
              <TextInput label={t('offers.limits.person')} inputMode="numeric" {...form.getInputProps('limits.per_person')} />
              <TextInput label={t('offers.limits.customer')} inputMode="numeric" {...form.getInputProps('limits.per_customer')} />
            </SimpleGrid>
          </Section>
          <Section title={t('offers.window')} hint={t('offers.window.hint')}>
            <SimpleGrid cols={{ base: 1, xs: 2 }}>
              <TextInput label={t('offers.starts')} type="datetime-local" {...form.getInputProps('starts_at')} />
              <TextInput label={t('offers.ends')} type="datetime-local" {...form.getInputProps('ends_at')} />
            </SimpleGrid>
          </Section>
          <Section title={t('offers.rules')}>
            <SimpleGrid cols={{ base: 1, xs: 2 }}>
              <TextInput label={t('offers.token')} description={t('offers.token.hint')} inputMode="numeric" {...form.getInputProps('token_seconds')} />
              <TextInput label={t('offers.priority')} description={t('offers.priority.hint')} inputMode="numeric" {...form.getInputProps('priority')} />
            </SimpleGrid>
            <Checkbox label={t('offers.exclusive')} {...form.getInputProps('exclusive', { type: 'checkbox' })} />
          </Section>
          {may('offers') && <SaveBar pending={pending}>{children}</SaveBar>}
        </Stack>
      </Fieldset>
    </form>
  )
}
