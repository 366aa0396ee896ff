import { Button, Modal, Radio, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useDisclosure } from '@mantine/hooks'
import { useChange } from '../../api/hooks'
import { support } from '../../api/resources'
import type { Override } from '../../api/types'
import { ProblemAlert } from '../../parts/ProblemAlert'
import { SaveBar } from '../../parts/SaveBar'
import { useStore } from '../../shell/store'
import { done } from '../../text/done'
import { showOn, taken } from '../../text/fields'
import { instant } from '../../text/format'
import { useLanguage } from '../../text/language'
import { GroupFields } from '../groups/GroupFields'

const classes: readonly Override['class'][] = ['document', 'authority', 'assertion']

/** VerifyByHand verifies a customer on the word of whoever asks, who says what they saw and why. */
export function VerifyByHand({ customer = '' }: { customer?: string }) {
  const { t } = useLanguage()
  const { id: store } = useStore()
  const [opened, { open, close }] = useDisclosure(false)
  const form = useForm({ initialValues: { customer, group: '', subgroup: '', class: 'document' as Override['class'], until: '', reason: '' } })
  const verify = useChange((input: Override) => support.verify(store, input), [store, 'verifications'], [store, 'audit'])
  const submit = form.onSubmit(({ until, subgroup, ...values }) => {
    const end = instant(until)
    verify.mutate(
      { ...values, ...(subgroup ? { subgroup } : {}), ...(end ? { valid_until: end } : {}) },
      {
        onSuccess: () => {
          close()
          form.reset()
          done(t('support.byHand.done', { customer: values.customer }))
        },
        onError: (error) => showOn(form, error),
      },
    )
  })
  return (
    <>
      <Button variant="default" onClick={open}>
        {t('support.byHand')}
      </Button>
      <Modal opened={opened} onClose={close} title={t('support.byHand')} size="lg" closeButtonProps={{ 'aria-label': t('close') }}>
        <form onSubmit={submit}>
          <Stack>
            <Text fz="sm">{t('support.byHand.hint')}</Text>
            <ProblemAlert error={verify.error} fields={taken('customer', 'group', 'subgroup', 'class', 'valid_until', 'reason')} />
            <TextInput label={t('verifications.customer')} required {...form.getInputProps('customer')} />
            <GroupFields
              group={form.values.group}
              subgroup={form.values.subgroup}
              onChange={(group, subgroup) => form.setValues({ group, subgroup })}
              errors={{ group: form.errors.group, subgroup: form.errors.subgroup }}
            />
            <Radio.Group label={t('support.byHand.saw')} {...form.getInputProps('class')}>
              <Stack gap="xs" mt={4}>
                {classes.map((value) => (
                  <Radio key={value} value={value} label={t(`support.byHand.${value}` as 'support.byHand.document')} />
                ))}
              </Stack>
            </Radio.Group>
            <TextInput label={t('support.byHand.until')} type="datetime-local" {...form.getInputProps('until')} error={form.errors.valid_until} />
            <TextInput label={t('support.reason')} description={t('support.reason.hint')} required {...form.getInputProps('reason')} />
            <SaveBar pending={verify.isPending} label={t('support.byHand')} />
          </Stack>
        </form>
      </Modal>
    </>
  )
}
