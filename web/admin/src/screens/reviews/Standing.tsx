import { Alert, List, Stack, Text } from '@mantine/core'
import type { ReviewFile } from '../../api/types'
import { Icon } from '../../parts/Icon'
import { useFormat } from '../../text/format'
import { useLanguage } from '../../text/language'
import { usePeople } from '../people/usePeople'
import { Lease } from './Lease'

interface StandingProps {
  file: ReviewFile
  /** since is when the file was read, in milliseconds of the browser's clock. */
  since: number
  renew: () => void
}

/** Standing says in whose hands a review is, who said what, and whether one may decide. */
export function Standing({ file, since, renew }: StandingProps) {
  const { t } = useLanguage()
  const { time } = useFormat()
  const people = usePeople()
  const { review } = file
  const open = review.state === 'open'
  return (
    <Stack gap="xs">
      {open && review.mine && <Lease seconds={review.lease_seconds} since={since} renew={renew} />}
      {open && file.own && <Notice title={t('reviews.own')} next={t('reviews.own.next')} color="yellow" />}
      {open && !file.own && review.voted && <Notice title={t('reviews.voted')} next={t('reviews.voted.next')} color="blue" />}
      {open && !review.mine && review.claimed_by && (
        <Notice title={t('reviews.elsewhere', { name: people.name(review.claimed_by) })} next={t('reviews.elsewhere.next')} color="yellow" />
      )}
      {open && !review.voted && review.needed > 1 && (
        <Notice title={t('reviews.twoNeeded')} next={t(review.votes.length ? 'reviews.twoNeeded.second' : 'reviews.twoNeeded.first')} color="blue" />
      )}
      {review.votes.length > 0 && (
        <List fz="sm" aria-label={t('reviews.votes')} spacing={2}>
          {review.votes.map((vote) => (
            <List.Item key={vote.by}>
              {t(vote.approve ? 'reviews.vote.approve' : 'reviews.vote.reject', { name: people.name(vote.by), time: time(vote.at) })}
              {vote.reasons.length > 0 && `: ${vote.reasons.join(', ')}`}
            </List.Item>
          ))}
        </List>
      )}
    </Stack>
  )
}

function Notice({ title, next, color }: { title: string; next: string; color: string }) {
  return (
    <Alert role="note" color={color} icon={<Icon name="warn" />} title={title}>
      <Text fz="sm">{next}</Text>
    </Alert>
  )
}
