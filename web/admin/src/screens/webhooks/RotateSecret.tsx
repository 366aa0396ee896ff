import { Button, Group, Modal, NativeSelect, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useState } from 'react'
import { useChange } from '../../api/hooks'
import { webhooks } from '../../api/resources'
import type { Webhook } from '../../api/types'
import { CopyField } from '../../parts/CopyField'
import { ProblemAlert } from '../../parts/ProblemAlert'
import { useStore } from '../../shell/store'
import { useLanguage } from '../../text/language'

const overlaps = [0, 1, 24, 72, 168] as const

/** RotateSecret gives an endpoint another secret and shows it once. For a while the old one signs too, unless it leaked. */
export function RotateSecret({ hook }: { hook: Webhook }) {
  const { t } = useLanguage()
  const { id: store } = useStore()
  const [opened, { open, close }] = useDisclosure(false)
  const [overlap, setOverlap] = useState(24)
  const rotate = useChange((hours: number) => webhooks.rotate(store, hook.id, hours), [store, 'webhooks'], [store, 'audit'])
  const finish = () => {
    close()
    rotate.reset()
  }
  return (
    <>
      <Button variant="default" onClick={open}>
        {t('webhooks.rotate')}
      </Button>
      <Modal opened={opened} onClose={finish} title={t('webhooks.rotate')} closeOnClickOutside={!rotate.data} closeButtonProps={{ 'aria-label': t('close') }}>
        {rotate.data ? (
          <Stack>
            <Text fz="sm">{t('webhooks.secret.once')}</Text>
            <CopyField label={t('webhooks.secret')} value={rotate.data.secret} />
            <Group justify="flex-end">
              <Button onClick={finish}>{t('close')}</Button>
            </Group>
          </Stack>
        ) : (
          <Stack>
            <Text fz="sm">{t('webhooks.rotate.hint')}</Text>
            <ProblemAlert error={rotate.error} />
            <NativeSelect
              label={t('webhooks.overlap')}
              data={overlaps.map((hours) => ({ value: String(hours), label: hours ? t('webhooks.overlap.hours', { hours }) : t('webhooks.overlap.none') }))}
              value={String(overlap)}
              onChange={(event) => setOverlap(Number(event.currentTarget.value))}
            />
            <Group justify="flex-end" gap="xs">
              <Button variant="default" onClick={finish}>
                {t('cancel')}
              </Button>
              <Button loading={rotate.isPending} onClick={() => rotate.mutate(overlap)}>
                {t('webhooks.rotate')}
              </Button>
            </Group>
          </Stack>
        )}
      </Modal>
    </>
  )
}
