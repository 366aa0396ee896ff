import { Badge, Button, Grid, Stack } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import { useListing } from '../../api/hooks'
import { reviews } from '../../api/resources'
import type { ReviewFile } from '../../api/types'
import { BackLink } from '../../parts/BackLink'
import { Icon } from '../../parts/Icon'
import { Loaded } from '../../parts/Loaded'
import { TextLink } from '../../parts/links'
import { Page } from '../../parts/Page'
import { ProblemAlert } from '../../parts/ProblemAlert'
import { StateBadge } from '../../parts/StateBadge'
import { useKeys } from '../../parts/useKeys'
import { useStore } from '../../shell/store'
import { useLanguage } from '../../text/language'
import { useGroups } from '../groups/useGroups'
import { DecisionBar } from './DecisionBar'
import { type DeskHandle, Documents } from './Documents'
import { Doubts } from './Doubts'
import { Given } from './Given'
import { Holders } from './Holders'
import { KeyHelp } from './KeyHelp'
import { RefuseDialog } from './RefuseDialog'
import { Standing } from './Standing'
import { useFile, useNext, useReviewing } from './useReviewing'
import { useShortcuts } from './useShortcuts'

/** ReviewScreen is the desk at which one proof is decided. */
export function ReviewScreen() {
  const { t } = useLanguage()
  const { id: store } = useStore()
  const { id } = useParams({ from: '/frame/s/$store/reviews/$id' })
  const { group = '' } = useSearch({ from: '/frame/s/$store/reviews/$id' })
  const groups = useGroups()
  const file = useFile(id)
  const [help, { toggle, close }] = useDisclosure(false)
  const [keys, setKeys] = useShortcuts()
  return (
    <Page
      title={file.data ? groups.title(file.data.review.group, file.data.review.subgroup) : t('reviews.one')}
      lead={file.data && (file.data.customer || t('verifications.customer.none'))}
      actions={
        <>
          {file.data && <StateBadge state={file.data.review.state} />}
          {file.data?.review.requirement === 'appeal' && <Badge color="yellow">{t('reviews.appeal')}</Badge>}
          <Button size="xs" variant="default" leftSection={<Icon name="keyboard" size={14} />} onClick={toggle}>
            {t('keyboard.help')}
          </Button>
        </>
      }
      back={
        <BackLink>
          <TextLink to="/s/$store/reviews" params={{ store }} search={{ group: group || undefined }}>
            {t('reviews.title')}
          </TextLink>
        </BackLink>
      }
    >
      <Loaded query={file}>{(data) => <Desk key={id} file={data} since={file.dataUpdatedAt} group={group} keys={keys} onHelp={toggle} />}</Loaded>
      <KeyHelp opened={help} onClose={close} on={keys} onSwitch={setKeys} />
    </Page>
  )
}

interface DeskProps {
  file: ReviewFile
  since: number
  group: string
  keys: boolean
  onHelp: () => void
}

function Desk({ file, since, group, keys, onHelp }: DeskProps) {
  const { t } = useLanguage()
  const { id: store } = useStore()
  const { review } = file
  const next = useNext(group)
  const { claim, release, decide } = useReviewing(review.id, () => next.mutate())
  const [refusing, { open, close }] = useDisclosure(false)
  const go = useNeighbours(review.id, group)
  const documents = useRef<DeskHandle>(null)
  const [wide, setWide] = useState(false)
  const open_ = review.state === 'open'
  const standing = open_ && review.mine && !file.own ? 'mine' : open_ && !file.own && !review.voted && !review.claimed_by ? 'free' : 'closed'
  const pending = claim.isPending || release.isPending || decide.isPending || next.isPending
  const act = {
    approve: () => decide.mutate({ approve: true }),
    take: () => claim.mutate(),
    release: () => release.mutate(),
    next: () => next.mutate(),
  }
  const when = (condition: boolean, key: () => void) => (condition && !pending ? key : undefined)
  useKeys(
    {
      j: () => go(1),
      ArrowRight: () => go(1),
      k: () => go(-1),
      ArrowLeft: () => go(-1),
      n: when(true, act.next),
      a: when(standing === 'mine', act.approve),
      r: when(standing === 'mine', open),
      t: when(standing !== 'closed', act.take),
      g: when(standing === 'mine', act.release),
      d: () => documents.current?.next(),
      z: () => documents.current?.zoom(),
      o: () => documents.current?.turn(),
      '?': onHelp,
    },
    keys,
  )
  return (
    <Stack>
      <Standing file={file} since={since} renew={act.take} />
      <ProblemAlert error={claim.error ?? release.error ?? (refusing ? undefined : decide.error)} />
      <Grid>
        <Grid.Col span={{ base: 12, md: wide ? 12 : 7 }}>
          <Documents file={file} handle={documents} wide={wide} onWide={setWide} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: wide ? 12 : 5 }}>
          <Stack>
            <Given file={file} />
            <Doubts file={file} />
            <Holders holders={file.holders} />
            <TextLink to="/s/$store/verifications/$id" params={{ store, id: review.verification_id }}>
              {t('reviews.verification')}
            </TextLink>
          </Stack>
        </Grid.Col>
      </Grid>
      <DecisionBar standing={standing} pending={pending} keys={keys} onApprove={act.approve} onRefuse={open} onTake={act.take} onRelease={act.release} onNext={act.next} />
      <RefuseDialog
        opened={refusing}
        onClose={close}
        pending={decide.isPending}
        error={decide.error}
        onRefuse={(reasons, final) => decide.mutate({ approve: false, reasons, final }, { onSuccess: close })}
      />
    </Stack>
  )
}

/** useNeighbours leads to the open reviews beside one, in the order of the list. */
function useNeighbours(id: string, group: string) {
  const { id: store } = useStore()
  const navigate = useNavigate()
  const { rows = [] } = useListing([store, 'reviews'], (query) => reviews.list(store, query), { state: 'open', group: group || undefined })
  return (by: 1 | -1) => {
    const at = rows.findIndex((row) => row.id === id)
    const there = at < 0 ? rows[0] : rows[at + by]
    if (there) void navigate({ to: '/s/$store/reviews/$id', params: { store, id: there.id }, search: { group: group || undefined } })
  }
}
