import { Card, Stack, Text, ThemeIcon, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { Icon, type IconName } from './Icon'

interface EmptyStateProps {
  icon: IconName
  title: string
  /** next tells the next step. */
  next: ReactNode
  action?: ReactNode
  /** page is set when this is all that a page shows. */
  page?: boolean
}

/** EmptyState stands where a list has nothing yet, and tells what to do. */
export function EmptyState({ icon, title, next, action, page = false }: EmptyStateProps) {
  return (
    <Card>
      <Stack align="center" gap="sm" py="xl" ta="center">
        <ThemeIcon size={56} radius="xl" variant="light">
          <Icon name={icon} size={26} />
        </ThemeIcon>
        <Title order={page ? 1 : 2}>{title}</Title>
        <Text c="dimmed" maw={460}>
          {next}
        </Text>
        {action}
      </Stack>
    </Card>
  )
}
