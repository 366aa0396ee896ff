import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Query } from './send'
import type { Page } from './types'

/** useRecord reads one thing. The key names it; every change that names a beginning of the key reads it again. */
export function useRecord<T>(key: readonly unknown[], read: () => Promise<T>, enabled = true) {
  return useQuery({ queryKey: key, queryFn: read, enabled })
}

/** Listing is a list that grows page by page. */
export interface Listing<T> {
  rows: T[] | undefined
  error: Error | null
  /** more reads the next page; undefined when there is none. */
  more: (() => void) | undefined
  loadingMore: boolean
  reload: () => void
}

/**
 * useListing reads a list by cursor pages, with filters. Other filters keep the old rows until the new ones are there.
 * While unsettled says that rows are about to change, it is read again every few seconds.
 */
export function useListing<T>(
  key: readonly unknown[],
  read: (query: Query) => Promise<Page<T>>,
  filters: Query = {},
  unsettled: (rows: T[]) => boolean = () => false,
): Listing<T> {
  const query = useInfiniteQuery({
    queryKey: [...key, 'list', filters],
    queryFn: ({ pageParam }) => read({ ...filters, cursor: pageParam }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => unsettled(state.data?.pages.flatMap((page) => page.data) ?? []) && 3000,
  })
  return {
    rows: query.data?.pages.flatMap((page) => page.data),
    error: query.error,
    more: query.hasNextPage ? () => void query.fetchNextPage() : undefined,
    loadingMore: query.isFetchingNextPage,
    reload: () => void query.refetch(),
  }
}

/** useChange carries out a change and reads everything again whose key begins with one of those named. */
export function useChange<Input, Output>(act: (input: Input) => Promise<Output>, ...touched: (readonly unknown[])[]) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: act,
    onSuccess: async () => {
      await Promise.all(touched.map((key) => client.invalidateQueries({ queryKey: key })))
    },
  })
}
