import { NativeSelect } from '@mantine/core'
import { useLanguage } from '../text/language'

interface FilterSelectProps {
  label: string
  value: string
  onChange: (value: string) => void
  data: readonly { value: string; label: string }[]
  /** all is what no value means; everything unless said otherwise. */
  all?: string
}

/** FilterSelect is a filter by one of several values, or all. */
export function FilterSelect({ label, value, onChange, data, all }: FilterSelectProps) {
  const { t } = useLanguage()
  return (
    <NativeSelect
      label={label}
      size="sm"
      value={value}
      data={[{ value: '', label: all ?? t('all') }, ...data]}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  )
}
