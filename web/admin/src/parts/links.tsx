import { Anchor, Button, type ButtonProps, NavLink } from '@mantine/core'
import { createLink } from '@tanstack/react-router'
import type { ComponentPropsWithRef } from 'react'

type LinkButtonProps = ButtonProps & Omit<ComponentPropsWithRef<'a'>, keyof ButtonProps>

function LinkButton(props: LinkButtonProps) {
  return <Button component="a" {...props} />
}

/** TextLink is a link in text to a route of the console. */
export const TextLink = createLink(Anchor<'a'>)

/** ButtonLink is a link to a route that looks like a button. */
export const ButtonLink = createLink(LinkButton)

/** MenuLink is an entry of the navigation. */
export const MenuLink = createLink(NavLink<'a'>)
