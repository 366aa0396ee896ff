import { Button, Modal, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useDisclosure } from '@mantine/hooks'
import { useChange } from '../../api/hooks'
import { privacy } from '../../api/resources'
import type { Retention } from '../../api/types'
import { ProblemAlert } from '../../parts/ProblemAlert'
import { SaveBar } from '../../parts/SaveBar'
import { useStore } from '../../shell/store'
import { done } from '../../text/done'
import { showOn, taken } from '../../text/fields'
import { useLanguage } from '../../text/language'
import { parseDecimal } from '../../text/money'
import { className } from './classes'

/** SetRetention sets for how many days what is kept, where a store can. */
export function SetRetention({ retention }: { retention: Retention }) {
  const { t, language } = useLanguage()
  const { id: store } = useStore()
  const [opened, { open, close }] = useDisclosure(false)
  const clocks = retention.classes.filter((row) => row.kept === 'days')
  const form = useForm({
    initialValues: { days: Object.fromEntries(clocks.map((row) => [row.class, row.days === row.default_days ? '' : String(row.days ?? '')])) },
    validate: { days: Object.fromEntries(clocks.map((row) => [row.class, (text: string) => (text && parseDecimal(text, 0, language) === null ? t('number.whole') : null)])) },
  })
  const set = useChange((days: Record<string, number>) => privacy.setRetention(store, { version: retention.version, days }), [store, 'privacy', 'retention'], [store, 'audit'])
  const submit = form.onSubmit(({ days }) =>
    set.mutate(
      Object.fromEntries(
        Object.entries(days).flatMap(([name, text]) => {
          const value = text ? parseDecimal(text, 0, language) : null
          return value === null ? [] : [[name, value]]
        }),
      ),
      {
        onSuccess: () => {
          close()
          done(t('retention.saved'))
        },
        onError: (error) => showOn(form, error),
      },
    ),
  )
  return (
    <>
      <Button size="xs" variant="default" onClick={open}>
        {t('retention.change')}
      </Button>
      <Modal opened={opened} onClose={close} title={t('retention.form')} closeButtonProps={{ 'aria-label': t('close') }}>
        <form onSubmit={submit}>
          <Stack>
            <Text fz="sm">{t('retention.form.hint')}</Text>
            <ProblemAlert error={set.error} fields={taken('days.')} />
            {clocks.map((row) => (
              <TextInput
                key={row.class}
                label={className(row.class, t)}
                description={t('retention.range', { min: row.min_days ?? 0, max: row.max_days ?? 0, days: row.default_days ?? 0 })}
                inputMode="numeric"
                placeholder={String(row.default_days ?? '')}
                {...form.getInputProps(`days.${row.class}`)}
              />
            ))}
            <SaveBar pending={set.isPending} />
          </Stack>
        </form>
      </Modal>
    </>
  )
}
