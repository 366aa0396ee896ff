import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import { isProblem } from './api/problem'
import { sessionKey } from './shell/session'

/** newQueries builds the cache of what was read. A 401 to anything means that the session has ended: the sign-in shows. */
export function newQueries(): QueryClient {
  const ended = (error: unknown) => {
    if (isProblem(error, 'unauthenticated')) client.setQueryData(sessionKey, null)
  }
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({ onError: ended }),
    mutationCache: new MutationCache({ onError: ended }),
    defaultOptions: {
      // Sending repeats unanswered calls itself, and a refusal does not change by asking again.
      queries: { retry: false, staleTime: 10_000 },
      mutations: { retry: false },
    },
  })
  return client
}
