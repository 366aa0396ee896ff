import { Button, Group } from '@mantine/core'
import type { ReactNode } from 'react'
import { useLanguage } from '../text/language'

/** SaveBar ends a form: what saves it, and what else may be done. */
export function SaveBar({ pending, label, children, disabled }: { pending: boolean; label?: string; children?: ReactNode; disabled?: boolean }) {
  const { t } = useLanguage()
  return (
    <Group justify="flex-end" gap="xs">
      {children}
      <Button type="submit" loading={pending} disabled={disabled ?? false}>
        {label ?? t('save')}
      </Button>
    </Group>
  )
}
