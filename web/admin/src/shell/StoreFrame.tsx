import { Outlet, useParams } from '@tanstack/react-router'
import { useEffect } from 'react'
import { rememberStore } from './lastStore'
import { useSession } from './session'
import { StoreProvider } from './store'

/** StoreFrame tells the screens of one store which one it is. */
export function StoreFrame() {
  const { store } = useParams({ from: '/frame/s/$store' })
  const { data: session } = useSession()
  useEffect(() => rememberStore(store), [store])
  if (!session) return null
  return (
    // Another store begins anew: nothing that was typed for one may be saved to another.
    <StoreProvider key={store} session={session} id={store}>
      <Outlet />
    </StoreProvider>
  )
}
