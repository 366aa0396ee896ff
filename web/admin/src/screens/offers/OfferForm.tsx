import { Fieldset, Stack, TextInput } from '@mantine/core'
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
import { RuleEditor } from '../rules/RuleEditor'
import { TryOffer } from '../trying/TryOffer'
import { BenefitFields } from './BenefitFields'
import { CheckoutFields } from './CheckoutFields'
import { LimitFields } from './LimitFields'
import { TierSelect } from './TierSelect'
import { WhenFields } from './WhenFields'
import { type OfferDraft, type Place, draftOf } from './draft'
import { readDraft } from './readDraft'

interface OfferFormProps {
  /** offer is null for a new one. */
  offer: Offer | null
  place: Place
  pending: boolean
  error: unknown
  onSave: (input: OfferInput) => void
  reload?: () => void
  children?: ReactNode
}

const fields = taken(
  ...['name', 'names.', 'description.', 'group', 'subgroup', 'tier', 'benefit.', 'minimum_order', 'starts_at', 'ends_at', 'time_zone', 'campaign.'],
  ...['limits.total', 'limits.per_person', 'limits.per_customer', 'limits.per_order', 'limits.periods.', 'limits.budget', 'limits.budget.'],
  ...['token_seconds', 'priority', 'category', 'rule'],
)

/** OfferForm edits an offer and tries it out, saved or not. Amounts are typed in major units and sent in minor ones. */
export function OfferForm({ offer, place, pending, error, onSave, reload, children }: OfferFormProps) {
  const { t, language } = useLanguage()
  const { may } = useStore()
  const form = useForm<OfferDraft>({ initialValues: draftOf(offer, place, language) })
  const { setErrors } = form
  useEffect(() => showOn({ setErrors }, error), [error, setErrors])
  const read = (draft: OfferDraft): OfferInput | null => {
    const said = readDraft(draft, place, language)
    if ('input' in said) return said.input
    setErrors(Object.fromEntries(Object.entries(said.errors).map(([field, key]) => [field, t(key)])))
    return null
  }
  const submit = form.onSubmit((draft) => {
    const input = read(draft)
    if (input) onSave(input)
  })
  const { values } = form
  const texts = (field: 'names' | 'description') => ({
    locales: place.locales,
    value: values[field],
    onChange: (value: OfferDraft['names']) => form.setFieldValue(field, value),
    error: (locale: string) => form.errors[`${field}.${locale}`]?.toString(),
  })
  return (
    <Stack>
      <form onSubmit={submit} noValidate>
        <Fieldset disabled={!may('offers')} variant="unstyled">
          <Stack>
            <ProblemAlert error={error} fields={fields} {...(error && reload ? { reload } : {})} />
            <Section title={t('offers.edit')}>
              <TextInput label={t('offers.name')} description={t('offers.name.hint')} required {...form.getInputProps('name')} />
              <TextsInput label={t('offers.names')} description={t('offers.names.hint')} {...texts('names')} />
              <TextsInput label={t('offers.description')} lines={2} {...texts('description')} />
            </Section>
            <Section title={t('offers.benefit')}>
              <BenefitFields form={form} />
            </Section>
            <Section title={t('offers.for')} hint={t('offers.for.hint')}>
              <GroupFields
                group={values.group}
                subgroup={values.subgroup}
                anyone={t('offers.everybody')}
                onChange={(group, subgroup) => form.setValues({ group, subgroup })}
                errors={{ group: form.errors.group, subgroup: form.errors.subgroup }}
              />
              <TierSelect label={t('offers.tier')} none={t('offers.tier.none')} value={values.tier} onChange={(tier) => form.setFieldValue('tier', tier)} error={form.errors.tier} />
            </Section>
            <Section title={t('offers.window')} hint={t('offers.window.hint')}>
              <WhenFields form={form} place={place} />
            </Section>
            <Section title={t('offers.limits')} hint={t('offers.limits.hint')}>
              <LimitFields form={form} />
            </Section>
            <Section title={t('offers.rules')}>
              <CheckoutFields form={form} />
            </Section>
            <Section title={t('rule.title')} hint={t('rule.lead')}>
              <RuleEditor value={values.rule} onChange={(rule) => form.setFieldValue('rule', rule)} error={form.errors.rule} disabled={!may('offers')} />
            </Section>
            {may('offers') && <SaveBar pending={pending}>{children}</SaveBar>}
          </Stack>
        </Fieldset>
      </form>
      <TryOffer read={() => read(values)} refused={setErrors} currency={values.benefit.currency} group={values.group} subgroup={values.subgroup} />
    </Stack>
  )
}
