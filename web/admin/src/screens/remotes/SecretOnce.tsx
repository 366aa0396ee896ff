import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { CopyField } from '../../parts/CopyField'
import { useLanguage } from '../../text/language'

/** SecretOnce shows the secret of a store's own verifier, the one time that it is known. */
export function SecretOnce({ secret, onClose }: { secret: string | undefined; onClose: () => void }) {
  const { t } = useLanguage()
  return (
    <Modal opened={secret !== undefined} onClose={onClose} title={t('remotes.secret')} closeOnClickOutside={false} closeButtonProps={{ 'aria-label': t('close') }}>
      <Stack>
        <Text fz="sm">{t('remotes.secret.once')}</Text>
        <CopyField label={t('remotes.secret')} value={secret ?? ''} />
        <Group justify="flex-end">
          <Button onClick={onClose}>{t('close')}</Button>
        </Group>
      </Stack>
    </Modal>
  )
}
