import { ActionIcon, Button, Card, CloseButton, Group, Menu, Stack, Text } from '@mantine/core'
import { Fragment } from 'react'
import { Icon } from '../../parts/Icon'
import { useLanguage } from '../../text/language'
import { useRequirements } from '../groups/requirements'
import classes from './PathRow.module.css'
import { type Paths, ask, drop, move } from './paths'

interface PathRowProps {
  paths: Paths
  index: number
  onChange: (paths: Paths) => void
  /** problems are the sentences about this path. */
  problems: readonly string[]
}

/** PathRow edits one path: a row of requirement chips. */
export function PathRow({ paths, index, onChange, problems }: PathRowProps) {
  const { t } = useLanguage()
  const { title, choices } = useRequirements()
  const path = paths[index] ?? []
  const number = index + 1
  const open = choices.filter((choice) => !path.includes(choice))
  return (
    <Card padding="sm" radius="md" role="group" aria-label={t('policies.path', { number })} className={problems.length ? classes.wrong : undefined}>
      <Stack gap="xs">
        <Group justify="space-between" wrap="nowrap" align="flex-start">
          <Group gap={6}>
            <Text fz="sm" fw={600} mr={4}>
              {t('policies.path', { number })}
            </Text>
            {path.map((requirement, j) => (
              <Fragment key={requirement}>
                {j > 0 && (
                  <Text component="span" fz="xs" c="dimmed">
                    {t('policies.path.and')}
                  </Text>
                )}
                <span className={classes.chip}>
                  {title(requirement)}
                  <CloseButton
                    size="xs"
                    aria-label={t('policies.requirement.remove', { name: title(requirement), number })}
                    onClick={() => onChange(drop(paths, index, requirement))}
                  />
                </span>
              </Fragment>
            ))}
            {path.length === 0 && (
              <Text fz="sm" c="dimmed">
                {t('policies.path.empty')}
              </Text>
            )}
            {open.length > 0 && (
              <Menu shadow="md" position="bottom-start">
                <Menu.Target>
                  <Button size="compact-xs" variant="subtle" leftSection={<Icon name="plus" size={12} />} aria-label={t('policies.path.ask', { number })}>
                    {t('policies.requirement.add')}
                  </Button>
                </Menu.Target>
                <Menu.Dropdown>
                  {open.map((choice) => (
                    <Menu.Item key={choice} onClick={() => onChange(ask(paths, index, choice))}>
                      {title(choice)}
                    </Menu.Item>
                  ))}
                </Menu.Dropdown>
              </Menu>
            )}
          </Group>
          <Group gap={2} wrap="nowrap">
            <ActionIcon variant="subtle" color="gray" disabled={index === 0} aria-label={t('policies.path.up', { number })} onClick={() => onChange(move(paths, index, -1))}>
              <Icon name="up" size={16} />
            </ActionIcon>
            <ActionIcon variant="subtle" color="gray" disabled={index === paths.length - 1} aria-label={t('policies.path.down', { number })} onClick={() => onChange(move(paths, index, 1))}>
              <Icon name="down" size={16} />
            </ActionIcon>
            <ActionIcon variant="subtle" color="gray" aria-label={t('policies.path.remove', { number })} onClick={() => onChange(paths.toSpliced(index, 1))}>
              <Icon name="trash" size={16} />
            </ActionIcon>
          </Group>
        </Group>
        {problems.map((problem) => (
          <Text key={problem} fz="sm" className={classes.problem}>
            {problem}
          </Text>
        ))}
      </Stack>
    </Card>
  )
}
