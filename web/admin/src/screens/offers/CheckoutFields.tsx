import { Checkbox, SimpleGrid, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { useLanguage } from '../../text/language'
import type { OfferDraft } from './draft'

/** CheckoutFields edits how an offer stands beside others, how long its tokens live, and whether they carry a pool's code. */
export function CheckoutFields({ form }: { form: UseFormReturnType<OfferDraft> }) {
  const { t } = useLanguage()
  return (
    <>
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <TextInput label={t('offers.priority')} description={t('offers.priority.hint')} inputMode="numeric" {...form.getInputProps('priority')} />
        <TextInput label={t('offers.category')} description={t('offers.category.hint')} {...form.getInputProps('category')} />
        <TextInput label={t('offers.token')} description={t('offers.token.hint')} inputMode="numeric" required {...form.getInputProps('token_seconds')} />
      </SimpleGrid>
      <Checkbox label={t('offers.exclusive')} {...form.getInputProps('exclusive', { type: 'checkbox' })} />
      <Checkbox label={t('offers.pool')} description={t('offers.pool.hint')} {...form.getInputProps('code_pool', { type: 'checkbox' })} />
    </>
  )
}
