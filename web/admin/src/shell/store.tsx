import { type ReactNode, createContext, useContext, useMemo } from 'react'
import type { Mode, Role, Session } from '../api/types'
import { type Right, may } from './rights'

/** CurrentStore is the store that the screens are about, and what the person may change in it. */
export interface CurrentStore {
  id: string
  name: string
  mode: Mode
  role: Role | undefined
  may: (right: Right) => boolean
}

const Context = createContext<CurrentStore | null>(null)

/** StoreProvider tells the screens below which store they are about. */
export function StoreProvider({ session, id, children }: { session: Session; id: string; children: ReactNode }) {
  const current = useMemo<CurrentStore>(() => {
    const known = session.stores.find((store) => store.id === id)
    return {
      id,
      name: known?.name ?? id,
      mode: known?.mode ?? 'test',
      role: known?.role,
      may: (right) => may(known?.role, session.person.operator, right),
    }
  }, [session, id])
  return <Context.Provider value={current}>{children}</Context.Provider>
}

/** useStore returns the store that the screen is about. */
export function useStore(): CurrentStore {
  const store = useContext(Context)
  if (!store) throw new Error('useStore needs a StoreProvider')
  return store
}
