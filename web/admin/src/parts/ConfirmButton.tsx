import { Button, type ButtonProps, Group, Modal, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import type { ReactNode } from 'react'
import { useLanguage } from '../text/language'
import { ProblemAlert } from './ProblemAlert'

interface ConfirmButtonProps extends ButtonProps {
  /** question is the dialog's title, consequence what will happen. */
  question: string
  consequence: ReactNode
  confirm: string
  act: () => Promise<unknown>
  error?: unknown
  pending?: boolean
  danger?: boolean
  children: ReactNode
}

/** ConfirmButton asks before it acts, and stays open with the reason when acting failed. */
export function ConfirmButton({ question, consequence, confirm, act, error, pending, danger = true, children, ...button }: ConfirmButtonProps) {
  const { t } = useLanguage()
  const [opened, { open, close }] = useDisclosure(false)
  return (
    <>
      <Button variant="default" {...button} onClick={open}>
        {children}
      </Button>
      <Modal opened={opened} onClose={close} title={question} closeButtonProps={{ 'aria-label': t('close') }}>
        <Stack>
          <Text fz="sm">{consequence}</Text>
          <ProblemAlert error={error} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={close}>
              {t('cancel')}
            </Button>
            <Button {...(danger ? { color: 'red.8' } : {})} loading={pending ?? false} onClick={() => void act().then(close, () => undefined)}>
              {confirm}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  )
}
