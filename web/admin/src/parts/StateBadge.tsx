import { Badge } from '@mantine/core'
import { isMessage } from '../messages'
import { useLanguage } from '../text/language'

const colors: Record<string, string> = {
  live: 'green',
  verified: 'green',
  approved: 'green',
  done: 'green',
  redeemed: 'green',
  delivered: 'green',
  enabled: 'green',
  active: 'green',
  draft: 'gray',
  disabled: 'gray',
  expired: 'gray',
  cancelled: 'gray',
  ended: 'gray',
  withdrawn: 'gray',
  none: 'gray',
  refunded: 'gray',
  paused: 'yellow',
  waiting: 'yellow',
  pending_review: 'yellow',
  suspected: 'yellow',
  partially_refunded: 'yellow',
  failed: 'red',
  rejected: 'red',
  confirmed: 'red',
  revoked: 'red',
  test: 'orange',
}

/** StateBadge shows a state by word and colour. A state that the console does not know is shown as it is written. */
export function StateBadge({ state }: { state: string }) {
  const { t } = useLanguage()
  const key = `state.${state}`
  return (
    <Badge color={colors[state] ?? 'blue'} autoContrast>
      {isMessage(key) ? t(key) : state}
    </Badge>
  )
}
