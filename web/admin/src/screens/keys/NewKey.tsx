import { Alert, Button, Checkbox, Group, Modal, Radio, SimpleGrid, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useChange } from '../../api/hooks'
import { keys } from '../../api/resources'
import type { KeyKind, NewKey as Input } from '../../api/types'
import { CopyField } from '../../parts/CopyField'
import { ProblemAlert } from '../../parts/ProblemAlert'
import { SaveBar } from '../../parts/SaveBar'
import { useStore } from '../../shell/store'
import { firstError, showOn, taken } from '../../text/fields'
import { useLanguage } from '../../text/language'
import { scopes } from './scopes'

const kinds: readonly KeyKind[] = ['publishable', 'secret']

/** NewKey makes a key, a secret one with all or some scopes, and shows it; a secret one this once. */
export function NewKey({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useLanguage()
  const { id } = useStore()
  const form = useForm({ initialValues: { kind: 'publishable' as KeyKind, name: '', scopes: [] as string[] } })
  const create = useChange((input: Input) => keys.create(id, input), [id, 'keys'], [id, 'checklist'], [id, 'audit'])
  const finish = () => {
    onClose()
    create.reset()
    form.reset()
  }
  const submit = form.onSubmit(({ kind, name, scopes: chosen }) =>
    create.mutate({ kind, name, ...(kind === 'secret' && chosen.length ? { scopes: chosen } : {}) }, { onError: (error) => showOn(form, error) }),
  )
  const made = create.data
  const secret = made?.key.kind === 'secret'
  return (
    <Modal
      opened={opened}
      onClose={finish}
      title={made ? t('keys.made') : t('keys.new')}
      closeOnClickOutside={!made}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      {made ? (
        <Stack>
          <Alert color={secret ? 'yellow' : 'green'}>{t(secret ? 'keys.once' : 'keys.always')}</Alert>
          <CopyField label={made.key.name} value={made.plain} />
          <Group justify="flex-end">
            <Button onClick={finish}>{t('close')}</Button>
          </Group>
        </Stack>
      ) : (
        <form onSubmit={submit}>
          <Stack>
            <ProblemAlert error={create.error} fields={taken('kind', 'name', 'scopes', 'scopes.')} />
            <Radio.Group label={t('keys.kind')} {...form.getInputProps('kind')}>
              <Stack gap="xs" mt={4}>
                {kinds.map((kind) => (
                  <Radio key={kind} value={kind} label={t(`keys.${kind}`)} description={t(`keys.${kind}.for` as const)} />
                ))}
              </Stack>
            </Radio.Group>
            <TextInput label={t('keys.name')} description={t('keys.name.hint')} required {...form.getInputProps('name')} />
            {form.values.kind === 'secret' && (
              <Checkbox.Group label={t('scopes.title')} description={t('scopes.hint')} {...form.getInputProps('scopes')} error={firstError(form.errors, 'scopes')}>
                <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="xs" mt={6}>
                  {scopes.map((scope) => (
                    <Checkbox key={scope} value={scope} label={scope} />
                  ))}
                </SimpleGrid>
              </Checkbox.Group>
            )}
            <SaveBar pending={create.isPending} label={t('create')} />
          </Stack>
        </form>
      )}
    </Modal>
  )
}
