import { Button, Modal, Radio, SimpleGrid, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useDisclosure } from '@mantine/hooks'
import { useChange } from '../../api/hooks'
import { webhooks } from '../../api/resources'
import type { ReplayRange as Range, Webhook } from '../../api/types'
import { Icon } from '../../parts/Icon'
import { ProblemAlert } from '../../parts/ProblemAlert'
import { SaveBar } from '../../parts/SaveBar'
import { useStore } from '../../shell/store'
import { done } from '../../text/done'
import { showOn, taken } from '../../text/fields'
import { instant, localInput } from '../../text/format'
import { useLanguage } from '../../text/language'

const kinds: readonly Range['what'][] = ['failed', 'missing', 'all']
const day = 86_400_000

/** ReplayRange sends what an endpoint was to get in a stretch of time once more: what failed, what it missed, or all. */
export function ReplayRange({ hook }: { hook: Webhook }) {
  const { t } = useLanguage()
  const { id: store } = useStore()
  const [opened, { open, close }] = useDisclosure(false)
  // What is older than 30 days is refused; an hour less leaves time to press the button.
  const form = useForm({ initialValues: { what: 'failed' as Range['what'], since: localInput(new Date(Date.now() - 30 * day + 3_600_000).toISOString()), until: '' } })
  const replay = useChange((range: Range) => webhooks.replayRange(store, hook.id, range), [store, 'deliveries', hook.id], [store, 'audit'])
  const finish = () => {
    close()
    replay.reset()
  }
  const submit = form.onSubmit((values) => {
    const since = instant(values.since)
    const until = instant(values.until)
    if (!since) return form.setErrors({ since: t('required') })
    replay.mutate(
      { what: values.what, since, ...(until ? { until } : {}) },
      {
        onSuccess: ({ replayed, more }) => {
          done(t(more ? 'webhooks.range.more' : 'webhooks.range.done', { count: replayed }))
          if (!more) finish()
        },
        onError: (error) => showOn(form, error),
      },
    )
  })
  return (
    <>
      <Button variant="default" size="sm" leftSection={<Icon name="retry" size={16} />} disabled={hook.state === 'disabled'} onClick={open}>
        {t('webhooks.range')}
      </Button>
      <Modal opened={opened} onClose={finish} title={t('webhooks.range')} closeButtonProps={{ 'aria-label': t('close') }}>
        <form onSubmit={submit} noValidate>
          <Stack>
            <Text fz="sm">{t('webhooks.range.hint')}</Text>
            <ProblemAlert error={replay.error} fields={taken('what', 'since', 'until')} />
            <Radio.Group label={t('webhooks.range.what')} {...form.getInputProps('what')}>
              <Stack gap="xs" mt={4}>
                {kinds.map((kind) => (
                  <Radio key={kind} value={kind} label={t(`webhooks.range.${kind}`)} description={t(`webhooks.range.${kind}.hint`)} />
                ))}
              </Stack>
            </Radio.Group>
            <SimpleGrid cols={{ base: 1, xs: 2 }}>
              <TextInput label={t('webhooks.range.since')} type="datetime-local" required {...form.getInputProps('since')} />
              <TextInput label={t('webhooks.range.until')} type="datetime-local" {...form.getInputProps('until')} />
            </SimpleGrid>
            <SaveBar pending={replay.isPending} label={t('webhooks.replay')} />
          </Stack>
        </form>
      </Modal>
    </>
  )
}
