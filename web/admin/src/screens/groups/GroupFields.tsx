import { NativeSelect, SimpleGrid } from '@mantine/core'
import type { ReactNode } from 'react'
import { useLanguage } from '../../text/language'
import { useGroups } from './useGroups'

interface GroupFieldsProps {
  group: string
  subgroup: string
  onChange: (group: string, subgroup: string) => void
  /** anyone names the choice of no group; without it a group must be chosen. */
  anyone?: string
  errors?: { group?: ReactNode; subgroup?: ReactNode }
}

/** GroupFields chooses a group and, where it has some, one of its subgroups. */
export function GroupFields({ group, subgroup, onChange, anyone, errors = {} }: GroupFieldsProps) {
  const { t } = useLanguage()
  const groups = useGroups()
  const subgroups = groups.subgroups(group)
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }}>
      <NativeSelect
        label={t('policies.group')}
        required={!anyone}
        value={group}
        error={errors.group}
        data={[{ value: '', label: anyone ?? '' }, ...groups.options]}
        onChange={(event) => onChange(event.currentTarget.value, '')}
      />
      <NativeSelect
        label={t('policies.subgroup')}
        disabled={subgroups.length === 0}
        value={subgroup}
        error={errors.subgroup}
        data={[{ value: '', label: t('groups.everyone') }, ...subgroups]}
        onChange={(event) => onChange(group, event.currentTarget.value)}
      />
    </SimpleGrid>
  )
}
