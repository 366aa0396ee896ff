import { Badge, Group, Stack, Text } from '@mantine/core'
import { Fragment } from 'react'
import { useLanguage } from '../../text/language'
import { useRequirements } from './requirements'

/** PathChips shows the paths of a policy, one a line. */
export function PathChips({ paths }: { paths: readonly (readonly string[])[] }) {
  const { t } = useLanguage()
  const { title } = useRequirements()
  return (
    <Stack gap={6}>
      {paths.map((path, i) => (
        <Group key={path.join()} gap={6}>
          {i > 0 && (
            <Text component="span" fz="xs" c="dimmed">
              {t('policies.path.or')}
            </Text>
          )}
          {path.map((requirement, j) => (
            <Fragment key={requirement}>
              {j > 0 && (
                <Text component="span" fz="xs" c="dimmed">
                  {t('policies.path.and')}
                </Text>
              )}
              <Badge>{title(requirement)}</Badge>
            </Fragment>
          ))}
        </Group>
      ))}
    </Stack>
  )
}
