import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import { useLanguage } from '../text/language'
import classes from './FilterBar.module.css'
import type { Filters } from './useFilters'

/** FilterBar holds a list's filters, and clears them. */
export function FilterBar({ filters, children }: { filters: Filters; children: ReactNode }) {
  const { t } = useLanguage()
  return (
    <search className={classes.bar}>
      {children}
      {filters.any && (
        <Button variant="subtle" size="sm" onClick={filters.clear}>
          {t('list.clear')}
        </Button>
      )}
    </search>
  )
}
