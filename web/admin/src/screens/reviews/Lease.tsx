import { Badge, Button, Group, Text } from '@mantine/core'
import { Icon } from '../../parts/Icon'
import { useLanguage } from '../../text/language'
import { clock, useLease, warnBelow } from './useLease'

interface LeaseProps {
  /** seconds were left when the review was read, at since (milliseconds of the browser's clock). */
  seconds: number
  since: number
  renew: () => void
}

/** Lease shows how long a review stays in one's hands, and keeps it there while one works. */
export function Lease({ seconds, since, renew }: LeaseProps) {
  const { t } = useLanguage()
  const left = useLease(seconds, since, renew)
  const low = left < warnBelow
  return (
    <Group gap="xs">
      <Badge color={low ? 'red' : 'green'} leftSection={<Icon name="clock" size={12} />}>
        {t('lease.yours', { time: clock(left) })}
      </Badge>
      <Text fz="sm" role="status">
        {left === 0 ? t('lease.over') : low ? t('lease.soon') : ''}
      </Text>
      {low && (
        <Button size="compact-xs" variant="default" onClick={renew}>
          {t('lease.renew')}
        </Button>
      )}
    </Group>
  )
}
