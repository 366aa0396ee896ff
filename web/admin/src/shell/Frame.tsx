import { AppShell, Burger, Group, ScrollArea } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Session } from '../api/types'
import { Logo } from '../parts/Logo'
import { useLanguage } from '../text/language'
import { AccountMenu } from './AccountMenu'
import classes from './Frame.module.css'
import { SchemeButton } from './SchemeButton'
import { StoreSwitcher } from './StoreSwitcher'

interface FrameProps {
  session: Session
  /** store is the current store's id; without one there is no menu. */
  store?: string
  menu?: (close: () => void) => ReactNode
  children: ReactNode
}

/** Frame is what stays around every screen: the bar above, and the menu beside, or behind a button on a phone. */
export function Frame({ session, store, menu, children }: FrameProps) {
  const { t } = useLanguage()
  const [opened, { toggle, close }] = useDisclosure(false)
  return (
    <AppShell
      header={{ height: 60 }}
      {...(menu ? { navbar: { width: 248, breakpoint: 'sm', collapsed: { mobile: !opened } } } : {})}
      padding={{ base: 'md', sm: 'xl' }}
      classNames={{ main: classes.main, navbar: classes.navbar }}
    >
      <a href="#content" className={classes.skip}>
        {t('skip')}
      </a>
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap" gap="xs">
          <Group gap="sm" wrap="nowrap" className={classes.left}>
            {menu && <Burger opened={opened} onClick={toggle} hiddenFrom="sm" size="sm" aria-label={t('nav.menu')} aria-expanded={opened} />}
            <Link to="/" className={classes.home} aria-label={t('nav.home')}>
              <Logo />
            </Link>
            <StoreSwitcher session={session} {...(store ? { current: store } : {})} />
          </Group>
          <Group gap="xs" wrap="nowrap">
            <SchemeButton />
            <AccountMenu person={session.person} />
          </Group>
        </Group>
      </AppShell.Header>
      {menu && (
        <AppShell.Navbar p="sm" aria-label={t('nav.menu')}>
          <ScrollArea type="auto">{menu(close)}</ScrollArea>
        </AppShell.Navbar>
      )}
      <AppShell.Main id="content" tabIndex={-1}>
        <div className={classes.content}>{children}</div>
      </AppShell.Main>
    </AppShell>
  )
}
