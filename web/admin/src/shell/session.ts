import { useQuery, useQueryClient } from '@tanstack/react-query'
import { isProblem } from '../api/problem'
import { session } from '../api/resources'
import type { Session } from '../api/types'

/** sessionKey is where the session stands in the cache; null means signed out. */
export const sessionKey = ['session'] as const

async function read(): Promise<Session | null> {
  try {
    return await session.read()
  } catch (error) {
    if (isProblem(error, 'unauthenticated') || (isProblem(error) && error.status === 401)) return null
    throw error
  }
}

/** useSession reads who is signed in: a session, or null for nobody. */
export function useSession() {
  return useQuery({ queryKey: sessionKey, queryFn: read, staleTime: Infinity })
}

/** useSignOut ends the session and forgets everything that it has shown. */
export function useSignOut() {
  const client = useQueryClient()
  return async () => {
    await session.close()
    client.setQueryData(sessionKey, null)
    client.removeQueries({ predicate: (query) => query.queryKey[0] !== sessionKey[0] })
  }
}
