import { Badge, Stack, Text } from '@mantine/core'
import { useRouterState } from '@tanstack/react-router'
import { useRecord } from '../api/hooks'
import { reviews } from '../api/resources'
import { Icon } from '../parts/Icon'
import { MenuLink } from '../parts/links'
import { useLanguage } from '../text/language'
import { navigation } from './navigation'

/** StoreMenu is the navigation through one store's screens. */
export function StoreMenu({ store, onFollow }: { store: string; onFollow: () => void }) {
  const { t } = useLanguage()
  // A policy belongs to the groups, at an address of its own.
  const inPolicies = useRouterState({ select: (state) => state.location.pathname.startsWith(`/s/${store}/policies`) })
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
              rightSection={entry.to === '/s/$store/reviews' && <Waiting store={store} />}
              activeOptions={{ exact: entry.to === '/s/$store', includeSearch: false }}
              active={inPolicies && entry.to === '/s/$store/groups'}
              onClick={onFollow}
              py={7}
            />
          ))}
        </div>
      ))}
    </Stack>
  )
}

/** Waiting counts the reviews that wait, beside the way to them. */
function Waiting({ store }: { store: string }) {
  const { t } = useLanguage()
  const { data } = useRecord([store, 'reviews', 'queue'], () => reviews.queue(store))
  if (!data?.waiting) return null
  return (
    <Badge size="sm" circle={data.waiting < 10} title={t('reviews.waiting')}>
      {data.waiting}
    </Badge>
  )
}
