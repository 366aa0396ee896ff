import { Alert, Button, Group, Modal, Radio, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useChange } from '../../api/hooks'
import { people } from '../../api/resources'
import type { Role } from '../../api/types'
import { CopyField } from '../../parts/CopyField'
import { ProblemAlert } from '../../parts/ProblemAlert'
import { SaveBar } from '../../parts/SaveBar'
import { roles } from '../../shell/rights'
import { useStore } from '../../shell/store'
import { showOn, taken } from '../../text/fields'
import { useLanguage } from '../../text/language'

/** AddPerson gives somebody a role; who has no account yet gets one, with a password that is shown once. */
export function AddPerson({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useLanguage()
  const { id } = useStore()
  const form = useForm({ initialValues: { email: '', name: '', role: 'support' as Role } })
  const add = useChange((v: { email: string; name: string; role: Role }) => people.add(id, v), [id, 'people'], [id, 'audit'])
  const finish = () => {
    onClose()
    add.reset()
    form.reset()
  }
  const submit = form.onSubmit((values) => add.mutate(values, { onError: (error) => showOn(form, error) }))
  const password = add.data?.password
  return (
    <Modal opened={opened} onClose={finish} title={t('people.add')} closeButtonProps={{ 'aria-label': t('close') }}>
      {add.data ? (
        <Stack>
          <Alert color="green">{t('people.added', { name: add.data.person.name || add.data.person.email })}</Alert>
          {password && (
            <>
              <Text fz="sm">{t('people.password.once')}</Text>
              <CopyField label={t('people.password')} value={password} />
            </>
          )}
          <Group justify="flex-end">
            <Button onClick={finish}>{t('close')}</Button>
          </Group>
        </Stack>
      ) : (
        <form onSubmit={submit}>
          <Stack>
            <ProblemAlert error={add.error} fields={taken('email', 'name', 'role')} />
            <TextInput label={t('people.email')} type="email" required data-autofocus {...form.getInputProps('email')} />
            <TextInput label={t('people.name')} required {...form.getInputProps('name')} />
            <Radio.Group label={t('people.role')} {...form.getInputProps('role')}>
              <Stack gap="xs" mt={4}>
                {roles.map((role) => (
                  <Radio key={role} value={role} label={t(`role.${role}`)} description={t(`role.${role}.may`)} />
                ))}
              </Stack>
            </Radio.Group>
            <SaveBar pending={add.isPending} label={t('people.add')} />
          </Stack>
        </form>
      )}
    </Modal>
  )
}
