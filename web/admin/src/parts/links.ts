import { Anchor, Button, NavLink } from '@mantine/core'
import { createLink } from '@tanstack/react-router'

/** TextLink is a link in text to a route of the console. */
export const TextLink = createLink(Anchor<'a'>)

/** ButtonLink is a link to a route that looks like a button. */
export const ButtonLink = createLink(Button<'a'>)

/** MenuLink is an entry of the navigation. */
export const MenuLink = createLink(NavLink<'a'>)
