import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { isProblem } from '../../api/problem'
import { reviews } from '../../api/resources'
import type { Review, ReviewFile, Ruling } from '../../api/types'
import { useStore } from '../../shell/store'
import { done } from '../../text/done'
import { useLanguage } from '../../text/language'

const fileKey = (store: string, id: string) => [store, 'reviews', 'file', id] as const

/**
 * useFile reads a review. Every reading is in the audit log, so it is read once; and it is forgotten with the screen,
 * for it holds personal data.
 */
export function useFile(id: string) {
  const { id: store } = useStore()
  return useQuery({
    queryKey: fileKey(store, id),
    queryFn: () => reviews.read(store, id),
    staleTime: Infinity,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  })
}

/** glance is how often the queue is counted while it is in sight, in milliseconds. */
const glance = 15_000

/** useQueue counts what waits, again and again; when that changes, the list is read anew. */
export function useQueue() {
  const { id: store } = useStore()
  const client = useQueryClient()
  const queue = useQuery({ queryKey: [store, 'reviews', 'queue'], queryFn: () => reviews.queue(store), refetchInterval: glance })
  const now = queue.data && JSON.stringify(queue.data)
  const seen = useRef(now)
  useEffect(() => {
    if (seen.current !== undefined && seen.current !== now) void client.invalidateQueries({ queryKey: [store, 'reviews', 'list'] })
    seen.current = now
  }, [client, now, store])
  return queue
}

/** useRefresh reads again what is counted and listed, and what decisions change elsewhere. */
function useRefresh() {
  const { id: store } = useStore()
  const client = useQueryClient()
  return async () => {
    await Promise.all([['reviews', 'list'], ['reviews', 'queue'], ['verifications'], ['audit']].map((key) => client.invalidateQueries({ queryKey: [store, ...key] })))
  }
}

/** useNext takes the review that waits longest and leads to it, or to the queue when nothing waits. */
export function useNext(group: string) {
  const { t } = useLanguage()
  const { id: store } = useStore()
  const navigate = useNavigate()
  const refresh = useRefresh()
  return useMutation({
    mutationFn: () => reviews.next(store, group || undefined),
    onSuccess: async (review) => {
      await navigate({ to: '/s/$store/reviews/$id', params: { store, id: review.id }, search: { group: group || undefined } })
      await refresh()
    },
    onError: async (error) => {
      if (!isProblem(error, 'not_found')) return
      done(t('reviews.none.left'))
      await navigate({ to: '/s/$store/reviews', params: { store }, search: { group: group || undefined } })
      await refresh()
    },
  })
}

/** useReviewing is what can be done with one review. */
export function useReviewing(id: string, onDecided: () => void) {
  const { t } = useLanguage()
  const { id: store } = useStore()
  const client = useQueryClient()
  const refresh = useRefresh()
  // The answer is put into what is shown: another look would be written down.
  const show = async (review: Review) => {
    client.setQueryData<ReviewFile>(fileKey(store, id), (file) => file && { ...file, review })
    await refresh()
  }
  const claim = useMutation({ mutationFn: () => reviews.claim(store, id), onSuccess: show })
  const release = useMutation({
    mutationFn: () => reviews.release(store, id),
    onSuccess: async (review) => {
      done(t('reviews.released'))
      await show(review)
    },
  })
  const decide = useMutation({
    mutationFn: (ruling: Ruling) => reviews.decide(store, id, ruling),
    onSuccess: async (ruled, ruling) => {
      done(t(!ruling.approve ? 'reviews.rejected' : ruled.decided ? 'reviews.approved' : 'reviews.approved.first'))
      await refresh()
      onDecided()
    },
  })
  return { claim, release, decide }
}
