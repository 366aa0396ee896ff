import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import { useLanguage } from '../text/language'
import { EmptyState } from './EmptyState'
import type { Filters } from './useFilters'

/** NoMatch is what an empty list shows: that nothing matches when there are filters, else the list's own words. */
export function NoMatch({ filters, children }: { filters: Filters; children: ReactNode }) {
  const { t } = useLanguage()
  if (!filters.any) return <>{children}</>
  return (
    <EmptyState
      icon="search"
      title={t('list.none')}
      next={t('list.none.next')}
      action={
        <Button variant="default" onClick={filters.clear}>
          {t('list.clear')}
        </Button>
      }
    />
  )
}
