const remembered = 'laurel.store'

/** rememberStore keeps in this browser which store was seen last. */
export function rememberStore(store: string): void {
  localStorage.setItem(remembered, store)
}

/** lastStore returns which of the stores was seen last, else the first; undefined when there are none. */
export function lastStore<T extends { id: string }>(stores: readonly T[]): T | undefined {
  const id = localStorage.getItem(remembered)
  return stores.find((store) => store.id === id) ?? stores[0]
}
