import { useRecord } from '../../api/hooks'
import { people } from '../../api/resources'
import { useSession } from '../../shell/session'
import { useStore } from '../../shell/store'

/** usePeople reads who works in the store, to name those who did something. Who has left, or is an operator, is known by id only. */
export function usePeople() {
  const { id } = useStore()
  const { data } = useRecord([id, 'people', 'all'], () => people.list(id, { limit: 100 }))
  const all = data?.data ?? []
  const me = useSession().data?.person
  return {
    name: (person: string) => all.find((p) => p.id === person)?.name || (me?.id === person && me.name) || person,
    options: all.map((p) => ({ value: p.id, label: p.name || p.email })),
  }
}
