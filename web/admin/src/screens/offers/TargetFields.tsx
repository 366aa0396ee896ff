import { NativeSelect, SimpleGrid, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { firstError } from '../../text/fields'
import { useLanguage } from '../../text/language'
import { parts } from './benefit'
import type { OfferDraft } from './draft'

const methods = ['', 'across', 'each'] as const

/** TargetFields edits what a benefit is on, which lines it chooses, and how it is spread over them. */
export function TargetFields({ form }: { form: UseFormReturnType<OfferDraft> }) {
  const { t } = useLanguage()
  const { type, target, method } = form.values.benefit
  const { targets, method: spreads } = parts[type]
  if (targets.length === 0) return null
  return (
    <>
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <NativeSelect
          label={t('offers.target')}
          data={targets.map((value) => ({ value, label: t(`offers.target.${value}`) }))}
          value={target}
          error={form.errors['benefit.target']}
          onChange={(event) => form.setFieldValue('benefit.target', targets.find((known) => known === event.currentTarget.value) ?? 'order')}
        />
        {spreads && target !== 'shipping' && (
          <NativeSelect
            label={t('offers.method')}
            data={methods.map((value) => ({ value, label: t(`offers.method.${value || 'usual'}`) }))}
            value={method}
            error={form.errors['benefit.method']}
            onChange={(event) => form.setFieldValue('benefit.method', methods.find((known) => known === event.currentTarget.value) ?? '')}
          />
        )}
      </SimpleGrid>
      {target === 'lines' && (
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          <TextInput
            label={t('offers.categories')}
            description={t('offers.commas')}
            {...form.getInputProps('benefit.categories')}
            error={firstError(form.errors, 'benefit.categories')}
          />
          <TextInput label={t('offers.skus')} description={t('offers.commas')} {...form.getInputProps('benefit.skus')} error={firstError(form.errors, 'benefit.skus')} />
        </SimpleGrid>
      )}
    </>
  )
}
