import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { packs } from '../../api/resources'
import type { Affected, PackPreview } from '../../api/types'
import { Loaded } from '../../parts/Loaded'
import { ProblemAlert } from '../../parts/ProblemAlert'
import { useStore } from '../../shell/store'
import { useLanguage } from '../../text/language'
import { Effect, settled } from './Effect'

interface EffectDialogProps {
  label: string
  question: string
  hint?: string
  /** change is what is to be done, as the preview is asked for it. */
  change: PackPreview
  pending: boolean
  error: unknown
  act: (affected: Affected | undefined) => Promise<unknown>
}

/** EffectDialog is a button that shows what a change of a pack does, and does it when that is confirmed. */
export function EffectDialog({ label, question, hint, ...rest }: EffectDialogProps) {
  const { t } = useLanguage()
  const [opened, { open, close }] = useDisclosure(false)
  return (
    <>
      <Button size="compact-sm" variant="default" onClick={open} aria-label={`${label}: ${question}`}>
        {label}
      </Button>
      <Modal opened={opened} onClose={close} title={question} size="lg" closeButtonProps={{ 'aria-label': t('close') }}>
        <Stack>
          {hint && <Text fz="sm">{hint}</Text>}
          <Ask label={label} onClose={close} {...rest} />
        </Stack>
      </Modal>
    </>
  )
}

function Ask({ label, change, pending, error, act, onClose }: Omit<EffectDialogProps, 'question' | 'hint'> & { onClose: () => void }) {
  const { t } = useLanguage()
  const { id: store } = useStore()
  const [affected, setAffected] = useState<Affected>()
  const effect = useQuery({ queryKey: [store, 'data-packs', 'preview', change], queryFn: () => packs.preview(store, change), gcTime: 0 })
  return (
    <>
      <ProblemAlert error={error} />
      <Loaded query={effect}>{(data) => <Effect effect={data} affected={affected} onChoose={setAffected} />}</Loaded>
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          {t('cancel')}
        </Button>
        <Button loading={pending} disabled={!settled(effect.data, affected)} onClick={() => void act(affected).then(onClose, () => undefined)}>
          {label}
        </Button>
      </Group>
    </>
  )
}
