import { useRecord } from '../../api/hooks'
import { groups } from '../../api/resources'
import { useStore } from '../../shell/store'
import { useFormat } from '../../text/format'

/** useGroups reads the store's groups and names them in the console's language. */
export function useGroups() {
  const { id } = useStore()
  const { label } = useFormat()
  const query = useRecord([id, 'groups'], () => groups.list(id))
  const all = query.data?.data ?? []
  const find = (group: string) => all.find((g) => g.group === group)
  return {
    query,
    all,
    find,
    /** title is the label of a group, or of a subgroup of it behind a dash. */
    title(group: string, subgroup = ''): string {
      const found = find(group)
      const name = label(found?.label) || group
      if (!subgroup) return name
      return `${name} – ${label(found?.subgroups.find((s) => s.subgroup === subgroup)?.label) || subgroup}`
    },
    options: all.map((g) => ({ value: g.group, label: label(g.label) || g.group })),
    subgroups: (group: string) => (find(group)?.subgroups ?? []).map((s) => ({ value: s.subgroup, label: label(s.label) || s.subgroup })),
  }
}
