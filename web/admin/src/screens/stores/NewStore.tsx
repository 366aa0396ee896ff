import { Autocomplete, Input, Modal, SegmentedControl, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useChange } from '../../api/hooks'
import { stores } from '../../api/resources'
import type { NewStore as NewStoreInput } from '../../api/types'
import { ProblemAlert } from '../../parts/ProblemAlert'
import { SaveBar } from '../../parts/SaveBar'
import { sessionKey } from '../../shell/session'
import { done } from '../../text/done'
import { showOn, taken } from '../../text/fields'
import { useLanguage } from '../../text/language'
import { currencies, timezones } from './choices'

/** NewStore asks what a store needs from the beginning, makes it, and opens it. */
export function NewStore({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useLanguage()
  const navigate = useNavigate()
  const client = useQueryClient()
  const form = useForm<NewStoreInput>({
    initialValues: { name: '', mode: 'test', currency: 'USD', timezone: Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC' },
  })
  const create = useChange(stores.create, ['stores'])
  const submit = form.onSubmit((values) =>
    create.mutate(values, {
      onSuccess: async (store) => {
        await client.refetchQueries({ queryKey: sessionKey })
        done(t('stores.created'))
        onClose()
        await navigate({ to: '/s/$store', params: { store: store.id } })
      },
      onError: (error) => showOn(form, error),
    }),
  )
  return (
    <Modal opened={opened} onClose={onClose} title={t('stores.new')} closeButtonProps={{ 'aria-label': t('close') }}>
      <form onSubmit={submit}>
        <Stack>
          <ProblemAlert error={create.error} fields={taken('name', 'mode', 'currency', 'timezone')} />
          <TextInput label={t('stores.name')} required data-autofocus {...form.getInputProps('name')} />
          <Input.Wrapper label={t('stores.mode')} description={t('stores.mode.hint')} labelElement="div">
            <SegmentedControl
              fullWidth
              mt={6}
              aria-label={t('stores.mode')}
              data={[
                { value: 'test', label: t('state.test') },
                { value: 'live', label: t('state.live') },
              ]}
              {...form.getInputProps('mode', { withError: false })}
            />
          </Input.Wrapper>
          <Autocomplete label={t('stores.currency')} data={currencies()} limit={20} required {...form.getInputProps('currency')} />
          <Autocomplete label={t('stores.timezone')} data={timezones()} limit={20} required {...form.getInputProps('timezone')} />
          <SaveBar pending={create.isPending} label={t('create')} />
        </Stack>
      </form>
    </Modal>
  )
}
