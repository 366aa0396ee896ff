import { Button, Center, Stack } from '@mantine/core'
import type { ReactNode } from 'react'
import type { Listing } from '../api/hooks'
import { useLanguage } from '../text/language'
import { Loading } from './Loading'
import { ProblemAlert } from './ProblemAlert'

interface ListedProps<T> {
  list: Listing<T>
  empty: ReactNode
  children: (rows: T[]) => ReactNode
}

/** Listed shows a list in each of its conditions: being read, failed, empty, there, and with more to read. */
export function Listed<T>({ list, empty, children }: ListedProps<T>) {
  const { t } = useLanguage()
  if (!list.rows) return list.error ? <ProblemAlert error={list.error} reload={list.reload} /> : <Loading />
  if (list.rows.length === 0) return <>{empty}</>
  return (
    <Stack>
      {children(list.rows)}
      {list.error && <ProblemAlert error={list.error} reload={list.reload} />}
      {list.more && (
        <Center>
          <Button variant="default" loading={list.loadingMore} onClick={list.more}>
            {t('list.more')}
          </Button>
        </Center>
      )}
    </Stack>
  )
}
