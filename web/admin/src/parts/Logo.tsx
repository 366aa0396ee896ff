import { Group, Text } from '@mantine/core'
import classes from './Logo.module.css'

/** Logo is the laurel wreath with the product's name. */
export function Logo() {
  return (
    <Group gap={10} wrap="nowrap">
      <svg className={classes.mark} width="28" height="28" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
        <rect width="32" height="32" rx="8" fill="currentColor" />
        <g className={classes.leaf} fill="none" strokeWidth="2" strokeLinecap="round">
          <path d="M13 26c-5-2-7-6-7-11M19 26c5-2 7-6 7-11" />
          <path d="M6.5 15c0-3 1-5 3-6.5 1 2.5.5 5-3 6.500zM8 20.500c-2-2-2.5-4-2-6M9 20c2.5-1 4-3 4-5.5-2.5.5-4 2.5-4 5.500z" />
          <path d="M25.5 15c0-3-1-5-3-6.5-1 2.5-.5 5 3 6.500zM24 20.500c2-2 2.5-4 2-6M23 20c-2.5-1-4-3-4-5.5 2.5.5 4 2.5 4 5.500z" />
        </g>
      </svg>
      <Text component="span" fw={700} fz="lg" className={classes.name}>
        Laurel
      </Text>
    </Group>
  )
}
