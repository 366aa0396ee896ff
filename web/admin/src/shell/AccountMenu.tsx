import { Avatar, Menu, Text, UnstyledButton } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import type { SessionPerson } from '../api/types'
import { Icon } from '../parts/Icon'
import { useLanguage } from '../text/language'
import { useSignOut } from './session'

/** AccountMenu leads to the person's own settings, and out. */
export function AccountMenu({ person }: { person: SessionPerson }) {
  const { t } = useLanguage()
  const navigate = useNavigate()
  const signOut = useSignOut()
  const name = person.name || person.email
  return (
    <Menu position="bottom-end" width={240} shadow="md">
      <Menu.Target>
        <UnstyledButton aria-label={t('account.menu', { name })}>
          <Avatar color="laurel" size={36} variant="light">
            <Icon name="person" />
          </Avatar>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Text px="sm" pt="xs" fz="sm" fw={600}>
          {name}
        </Text>
        <Text px="sm" pb="xs" fz="xs" c="dimmed">
          {person.email}
        </Text>
        <Menu.Divider />
        <Menu.Item leftSection={<Icon name="person" size={16} />} onClick={() => void navigate({ to: '/account' })}>
          {t('account.title')}
        </Menu.Item>
        <Menu.Item leftSection={<Icon name="door" size={16} />} onClick={() => void signOut()}>
          {t('account.signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
