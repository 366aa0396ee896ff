import type { ReactNode } from 'react'
import { Loading } from './Loading'
import { ProblemAlert } from './ProblemAlert'

interface LoadedProps<T> {
  query: { data: T | undefined; error: Error | null; refetch: () => unknown }
  children: (data: T) => ReactNode
}

/** Loaded shows one thing once it is there. */
export function Loaded<T>({ query, children }: LoadedProps<T>) {
  if (query.data !== undefined) return <>{children(query.data)}</>
  if (query.error) return <ProblemAlert error={query.error} reload={() => void query.refetch()} />
  return <Loading rows={7} />
}
