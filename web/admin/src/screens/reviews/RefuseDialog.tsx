import { Button, Checkbox, Group, Kbd, Modal, Stack, Text } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { useRecord } from '../../api/hooks'
import { reviews } from '../../api/resources'
import { Loaded } from '../../parts/Loaded'
import { ProblemAlert } from '../../parts/ProblemAlert'
import { useStore } from '../../shell/store'
import { useLanguage } from '../../text/language'

interface RefuseDialogProps {
  opened: boolean
  onClose: () => void
  pending: boolean
  error: unknown
  onRefuse: (reasons: string[], final: boolean) => void
}

/** RefuseDialog asks why a proof does not hold. Digits choose reasons, Enter refuses. */
export function RefuseDialog({ opened, onClose, ...rest }: RefuseDialogProps) {
  const { t } = useLanguage()
  // Read before it is asked for, so that digits act at once.
  useReasons()
  return (
    <Modal opened={opened} onClose={onClose} title={t('refuse.title')} size="lg" closeButtonProps={{ 'aria-label': t('close') }}>
      <Reasons onClose={onClose} {...rest} />
    </Modal>
  )
}

function useReasons() {
  const { id: store } = useStore()
  return useRecord([store, 'review-reasons'], () => reviews.reasons(store))
}

function Reasons({ onClose, pending, error, onRefuse }: Omit<RefuseDialogProps, 'opened'>) {
  const { t } = useLanguage()
  const list = useReasons()
  const first = useRef<HTMLInputElement>(null)
  const there = list.data !== undefined
  // Enter refuses from here; on the dialog's own first button it would close it.
  useEffect(() => {
    if (there) first.current?.focus()
  }, [there])
  const [chosen, setChosen] = useState<string[]>([])
  const [final, setFinal] = useState(false)
  const known = list.data?.data ?? []
  const refuse = () => {
    if (chosen.length > 0 && !pending) onRefuse(chosen, final)
  }
  const toggle = (code: string) => setChosen((old) => (old.includes(code) ? old.filter((c) => c !== code) : known.map((r) => r.code).filter((c) => c === code || old.includes(c))))
  const press = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const reason = /^\d$/.test(event.key) ? known[(Number(event.key) + 9) % 10] : undefined
    if (reason) toggle(reason.code)
    else if (event.key === 'Enter' && !(event.target instanceof HTMLButtonElement)) refuse()
    else return
    event.preventDefault()
  }
  const latest = useRef(press)
  useEffect(() => {
    latest.current = press
  })
  // Keys act wherever the focus is, as long as the dialog is open.
  useEffect(() => {
    const listen = (event: KeyboardEvent) => latest.current(event)
    document.addEventListener('keydown', listen)
    return () => document.removeEventListener('keydown', listen)
  }, [])
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        refuse()
      }}
    >
      <Stack>
        <Text fz="sm" c="dimmed">
          {t('refuse.hint')}
        </Text>
        <ProblemAlert error={error} />
        <Loaded query={list}>
          {({ data }) => (
            <Checkbox.Group label={t('refuse.reasons')} value={chosen} onChange={setChosen}>
              <Stack gap="xs" mt={4}>
                {data.map((reason, i) => (
                  <Checkbox
                    key={reason.code}
                    value={reason.code}
                    {...(i === 0 ? { ref: first, 'data-autofocus': true } : {})}
                    label={
                      <>
                        {i < 10 && <Kbd mr={8}>{(i + 1) % 10}</Kbd>}
                        {reason.detail}
                      </>
                    }
                    description={<code>{reason.code}</code>}
                  />
                ))}
              </Stack>
            </Checkbox.Group>
          )}
        </Loaded>
        <Checkbox label={t('refuse.final')} description={t('refuse.final.hint')} checked={final} onChange={(event) => setFinal(event.currentTarget.checked)} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button type="submit" color="red.8" loading={pending} disabled={chosen.length === 0}>
            {t('reviews.reject')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
