import { Stack, Text } from '@mantine/core'
import { useRouterState } from '@tanstack/react-router'
import { Icon } from '../parts/Icon'
import { MenuLink } from '../parts/links'
import { useLanguage } from '../text/language'
import { navigation } from './navigation'

/** StoreMenu is the navigation through one store's screens. */
export function StoreMenu({ store, onFollow }: { store: string; onFollow: () => void }) {
  const { t } = useLanguage()
  const here = useRouterState({ select: (state) => state.location.pathname })
  const active = (to: string) => {
    const target = to.replace('$store', store)
    return to === '/s/$store' ? here === target || here === `${target}/` : here.startsWith(target)
  }
  return (
    <Stack gap="md" pb="md">
      {navigation.map((section) => (
        <div key={section.title ?? 'start'}>
          {section.title && (
            <Text fz="xs" fw={600} c="dimmed" px="sm" pb={4}>
              {t(section.title)}
            </Text>
          )}
          {section.entries.map((entry) => (
            <MenuLink
              key={entry.to}
              to={entry.to}
              params={{ store }}
              label={t(entry.title)}
              leftSection={<Icon name={entry.icon} />}
              active={active(entry.to)}
              onClick={onFollow}
              py={7}
            />
          ))}
        </div>
      ))}
    </Stack>
  )
}
