import { Navigate } from '@tanstack/react-router'
import { lastStore } from './lastStore'
import { useSession } from './session'

/** Home leads to the store that was seen last, or to the list when there is none. */
export function Home() {
  const { data: session } = useSession()
  const store = lastStore(session?.stores ?? [])
  return store ? <Navigate to="/s/$store" params={{ store: store.id }} replace /> : <Navigate to="/stores" replace />
}
