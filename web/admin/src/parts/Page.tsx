import { Group, Stack, Text, Title } from '@mantine/core'
import { type ReactNode, useEffect } from 'react'

interface PageProps {
  title: string
  /** lead says in one sentence what the screen is for. */
  lead?: ReactNode
  actions?: ReactNode
  /** back is the link to the list that the thing belongs to. */
  back?: ReactNode
  children: ReactNode
}

/** Page is the frame of every screen: one heading, what can be done, and the content. */
export function Page({ title, lead, actions, back, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · Laurel`
  }, [title])
  return (
    <Stack gap="lg">
      <div>
        {back}
        <Group justify="space-between" align="flex-start" gap="sm">
          <div>
            <Title order={1}>{title}</Title>
            {lead && (
              <Text c="dimmed" maw={640} mt={4}>
                {lead}
              </Text>
            )}
          </div>
          {actions && <Group gap="xs">{actions}</Group>}
        </Group>
      </div>
      {children}
    </Stack>
  )
}
