import { useNavigate, useSearch } from '@tanstack/react-router'
import type { Query } from '../api/send'

/** Filters are a list's filters as they stand in the address. */
export interface Filters {
  values: Query
  get: (name: string) => string
  set: (name: string, value: string) => void
  clear: () => void
  /** any is true when a filter is set. */
  any: boolean
}

/** useFilters keeps a list's filters in the address, so that a view can be shared, reloaded and gone back to. */
export function useFilters<Name extends string>(...names: Name[]): Filters {
  const search: Record<string, string | undefined> = useSearch({ strict: false })
  const navigate = useNavigate()
  const values = Object.fromEntries(names.map((name) => [name, search[name] || undefined]))
  return {
    values,
    get: (name) => search[name] ?? '',
    set: (name, value) => void navigate({ to: '.', search: (old) => ({ ...old, [name]: value || undefined }), replace: true }),
    clear: () => void navigate({ to: '.', search: {}, replace: true }),
    any: Object.values(values).some(Boolean),
  }
}
