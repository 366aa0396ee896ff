import { SimpleGrid, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { useLanguage } from '../../text/language'
import { GroupFields } from '../groups/GroupFields'
import { TierSelect } from '../offers/TierSelect'
import type { TrialDraft } from './trial'

/** ShopperFields edits who would buy: customer, proof, tier and points, and when it would be. */
export function ShopperFields({ form }: { form: UseFormReturnType<TrialDraft> }) {
  const { t } = useLanguage()
  const { attestation, member } = form.values
  return (
    <>
      <GroupFields
        group={attestation.group}
        subgroup={attestation.subgroup}
        anyone={t('try.proof.none')}
        onChange={(group, subgroup) => form.setFieldValue('attestation', { group, subgroup })}
        errors={{ group: form.errors['attestation.group'], subgroup: form.errors['attestation.subgroup'] }}
      />
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <TextInput label={t('redemptions.customer')} description={t('try.customer.hint')} {...form.getInputProps('customer')} />
        <TextInput label={t('try.now')} description={t('try.now.hint')} type="datetime-local" {...form.getInputProps('now')} />
        <TierSelect label={t('try.tier')} none={t('try.tier.none')} value={member.tier} onChange={(tier) => form.setFieldValue('member.tier', tier)} error={form.errors['member.tier']} />
        <TextInput label={t('redemptions.points')} inputMode="numeric" {...form.getInputProps('member.points')} />
      </SimpleGrid>
    </>
  )
}
