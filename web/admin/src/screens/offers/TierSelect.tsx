import { NativeSelect } from '@mantine/core'
import { useRecord } from '../../api/hooks'
import { isProblem } from '../../api/problem'
import { program } from '../../api/resources'
import type { ReactNode } from 'react'
import { useStore } from '../../shell/store'
import { useLanguage } from '../../text/language'

interface TierSelectProps {
  label: string
  /** none names the choice of no tier. */
  none: string
  description?: string
  value: string
  onChange: (tier: string) => void
  error?: ReactNode
}

/** TierSelect chooses a tier of the store's program, or none. A store without a program has none to choose. */
export function TierSelect({ none, value, onChange, ...rest }: TierSelectProps) {
  const { t } = useLanguage()
  const { id } = useStore()
  const found = useRecord([id, 'program', 'tiers'], () => program.read(id))
  const tiers = (found.data?.tiers ?? []).map((tier) => ({ value: tier.id, label: tier.name }))
  if (value && !tiers.some((tier) => tier.value === value)) tiers.push({ value, label: value })
  const missing = isProblem(found.error, 'program_missing')
  return (
    <NativeSelect
      {...rest}
      {...(missing ? { description: t('offers.tier.noProgram') } : {})}
      disabled={missing && !value}
      value={value}
      data={[{ value: '', label: none }, ...tiers]}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  )
}
