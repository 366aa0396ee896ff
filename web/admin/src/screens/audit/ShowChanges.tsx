import { Button, Modal } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import type { AuditEvent } from '../../api/types'
import { Differences } from '../../parts/Differences'
import { useLanguage } from '../../text/language'

/** ShowChanges opens what an event changed, field by field. */
export function ShowChanges({ event }: { event: AuditEvent }) {
  const { t } = useLanguage()
  const [opened, { open, close }] = useDisclosure(false)
  if (!event.changes) return <>–</>
  return (
    <>
      <Button size="compact-xs" variant="light" onClick={open} aria-label={t('audit.changes.of', { action: event.action })}>
        {t('audit.changes')}
      </Button>
      <Modal opened={opened} onClose={close} title={event.action} size="lg" closeButtonProps={{ 'aria-label': t('close') }}>
        <Differences before={event.changes.before} after={event.changes.after} />
      </Modal>
    </>
  )
}
