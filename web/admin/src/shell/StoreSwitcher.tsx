import { Badge, Button, Menu, Text } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import type { Session } from '../api/types'
import { Icon } from '../parts/Icon'
import { useLanguage } from '../text/language'
import classes from './StoreSwitcher.module.css'

/** StoreSwitcher names the current store and leads to the others. */
export function StoreSwitcher({ session, current }: { session: Session; current?: string }) {
  const { t } = useLanguage()
  const navigate = useNavigate()
  const store = session.stores.find((s) => s.id === current)
  return (
    <Menu position="bottom-start" width={280} shadow="md">
      <Menu.Target>
        <Button variant="default" className={classes.button} rightSection={<Icon name="down" size={14} />} title={t('nav.store')}>
          <Text component="span" truncate fz="sm" fw={600}>
            {store?.name ?? t('stores.choose')}
          </Text>
          {store?.mode === 'test' && (
            <Badge ml={8} size="sm" color="orange" className={classes.mode}>
              {t('state.test')}
            </Badge>
          )}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {session.stores.map((s) => (
          <Menu.Item
            key={s.id}
            onClick={() => void navigate({ to: '/s/$store', params: { store: s.id } })}
            leftSection={<Icon name={s.id === current ? 'check' : 'right'} size={14} />}
            rightSection={<Badge size="sm" color={s.mode === 'test' ? 'orange' : 'green'}>{t(`state.${s.mode}`)}</Badge>}
          >
            {s.name}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item onClick={() => void navigate({ to: '/stores' })} leftSection={<Icon name="list" size={14} />}>
          {t('stores.all')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
