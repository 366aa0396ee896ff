import { Fragment, type ReactNode } from 'react'
import classes from './Facts.module.css'

/** Facts shows names and values in two columns, one under the other on a phone. */
export function Facts({ rows }: { rows: readonly (readonly [name: string, value: ReactNode])[] }) {
  return (
    <dl className={classes.facts}>
      {rows.map(([name, value]) => (
        <Fragment key={name}>
          <dt>{name}</dt>
          <dd>{value || '–'}</dd>
        </Fragment>
      ))}
    </dl>
  )
}
