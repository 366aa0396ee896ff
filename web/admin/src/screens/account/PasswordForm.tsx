import { PasswordInput, Stack } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useChange } from '../../api/hooks'
import { session } from '../../api/resources'
import { ProblemAlert } from '../../parts/ProblemAlert'
import { SaveBar } from '../../parts/SaveBar'
import { done } from '../../text/done'
import { showOn, taken } from '../../text/fields'
import { useLanguage } from '../../text/language'

/** PasswordForm changes the person's own password; onChanged is told when that is done. */
export function PasswordForm({ onChanged }: { onChanged?: () => void }) {
  const { t } = useLanguage()
  const form = useForm({ initialValues: { current: '', new: '' } })
  const change = useChange((v: { current: string; new: string }) => session.password(v.current, v.new))
  const submit = form.onSubmit((values) =>
    change.mutate(values, {
      onSuccess: () => {
        form.reset()
        done(t('account.password.changed'))
        onChanged?.()
      },
      onError: (error) => showOn(form, error),
    }),
  )
  return (
    <form onSubmit={submit}>
      <Stack>
        <ProblemAlert error={change.error} fields={taken('current', 'new')} />
        <PasswordInput label={t('account.password.current')} autoComplete="current-password" required {...form.getInputProps('current')} />
        <PasswordInput label={t('account.password.new')} autoComplete="new-password" required {...form.getInputProps('new')} />
        <SaveBar pending={change.isPending} label={t('account.password.change')} />
      </Stack>
    </form>
  )
}
