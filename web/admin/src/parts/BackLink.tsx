import { Group, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { Icon } from './Icon'

/** BackLink frames the link above a heading that leads to the list. */
export function BackLink({ children }: { children: ReactNode }) {
  return (
    <Group gap={4} mb={6} c="dimmed" wrap="nowrap">
      <Icon name="left" size={14} />
      <Text component="span" fz="sm">
        {children}
      </Text>
    </Group>
  )
}
