import { Button, SimpleGrid } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useEffect, useRef, useState } from 'react'
import { useListing } from '../../api/hooks'
import { reviews } from '../../api/resources'
import type { Review } from '../../api/types'
import { EmptyState } from '../../parts/EmptyState'
import { FilterBar } from '../../parts/FilterBar'
import { FilterSelect } from '../../parts/FilterSelect'
import { Icon } from '../../parts/Icon'
import { Listed } from '../../parts/Listed'
import { ButtonLink, TextLink } from '../../parts/links'
import { Page } from '../../parts/Page'
import { ProblemAlert } from '../../parts/ProblemAlert'
import { RecordTable } from '../../parts/RecordTable'
import { StateBadge } from '../../parts/StateBadge'
import { useFilters } from '../../parts/useFilters'
import { useKeys } from '../../parts/useKeys'
import { isProblem } from '../../api/problem'
import { useStore } from '../../shell/store'
import { useFormat } from '../../text/format'
import { useLanguage } from '../../text/language'
import { useRequirements } from '../groups/requirements'
import { useGroups } from '../groups/useGroups'
import { Figure } from '../overview/Figure'
import { usePeople } from '../people/usePeople'
import { KeyHelp } from './KeyHelp'
import { useNext, useQueue } from './useReviewing'
import { useShortcuts } from './useShortcuts'

/** Reviews is the queue: what waits, who has it in hand, and what was decided. Who may not review reads only how much waits. */
export function Reviews() {
  const { t } = useLanguage()
  const { may } = useStore()
  if (may('reviews')) return <Queue />
  return (
    <Page title={t('reviews.title')} lead={t('reviews.lead')}>
      <Figures />
      <EmptyState icon="lock" title={t('reviews.notYours')} next={t('reviews.notYours.next')} />
    </Page>
  )
}

function Queue() {
  const { t } = useLanguage()
  const { id } = useStore()
  const groups = useGroups()
  const filters = useFilters('state', 'group')
  const decided = filters.get('state') === 'decided'
  const list = useListing([id, 'reviews'], (query) => reviews.list(id, query), { state: decided ? 'decided' : 'open', group: filters.values.group })
  const next = useNext(filters.get('group'))
  const [help, { toggle, close }] = useDisclosure(false)
  const [keys, setKeys] = useShortcuts()
  return (
    <Page
      title={t('reviews.title')}
      lead={t('reviews.lead')}
      actions={
        <>
          <Button variant="default" leftSection={<Icon name="keyboard" size={16} />} onClick={toggle}>
            {t('keyboard.help')}
          </Button>
          <Button loading={next.isPending} leftSection={<Icon name="eye" size={16} />} onClick={() => next.mutate()}>
            {t('reviews.start')}
          </Button>
        </>
      }
    >
      <Figures />
      <ProblemAlert error={isProblem(next.error, 'not_found') ? undefined : next.error} />
      <FilterBar filters={filters}>
        <FilterSelect
          label={t('reviews.state')}
          value={filters.get('state')}
          onChange={(v) => filters.set('state', v)}
          all={t('reviews.open')}
          data={[{ value: 'decided', label: t('reviews.decided') }]}
        />
        <FilterSelect label={t('policies.group')} value={filters.get('group')} onChange={(v) => filters.set('group', v)} data={groups.options} />
      </FilterBar>
      <Listed
        list={list}
        empty={
          <EmptyState
            icon="eye"
            title={t('reviews.empty')}
            next={`${t('reviews.empty.next')} ${t('reviews.empty.setup')}`}
            action={
              <ButtonLink variant="default" to="/s/$store/groups" params={{ store: id }}>
                {t('groups.title')}
              </ButtonLink>
            }
          />
        }
      >
        {(rows) => <Table rows={rows} group={filters.get('group')} keys={keys} onNext={() => next.mutate()} onHelp={toggle} />}
      </Listed>
      <KeyHelp opened={help} onClose={close} on={keys} onSwitch={setKeys} />
    </Page>
  )
}

function Figures() {
  const { t } = useLanguage()
  const { number, time } = useFormat()
  const queue = useQueue()
  if (!queue.data) return null
  const { waiting, mine, taken, second, oldest_at: oldest } = queue.data
  return (
    <SimpleGrid cols={{ base: 2, md: 4 }} spacing={{ base: 'xs', sm: 'md' }}>
      <Figure name={t('reviews.waiting')} value={number(waiting)} {...(oldest ? { more: t('reviews.waiting.more', { since: time(oldest) }) } : {})} />
      <Figure name={t('reviews.mine')} value={number(mine)} />
      <Figure name={t('reviews.taken')} value={number(taken)} />
      <Figure name={t('reviews.second')} value={number(second)} />
    </SimpleGrid>
  )
}

interface TableProps {
  rows: readonly Review[]
  group: string
  keys: boolean
  onNext: () => void
  onHelp: () => void
}

/** Table lists reviews; keys move the focus from one to the next. */
function Table({ rows, group, keys, onNext, onHelp }: TableProps) {
  const { t } = useLanguage()
  const { id: store } = useStore()
  const { time } = useFormat()
  const groups = useGroups()
  const people = usePeople()
  const { title } = useRequirements()
  const [at, setAt] = useState(-1)
  const links = useRef(new Map<string, HTMLAnchorElement>())
  useEffect(() => links.current.get(rows[at]?.id ?? '')?.focus(), [at, rows])
  const move = (by: number) => setAt((old) => Math.min(rows.length - 1, Math.max(0, old + by)))
  useKeys({ j: () => move(1), ArrowDown: () => move(1), k: () => move(-1), ArrowUp: () => move(-1), n: onNext, '?': onHelp }, keys)
  const decided = rows[0]?.state !== 'open'
  return (
    <RecordTable
      label={t('reviews.title')}
      rows={rows}
      id={(row) => row.id}
      columns={[
        {
          title: t('policies.group'),
          cell: (row) => (
            <TextLink
              ref={(link: HTMLAnchorElement | null) => {
                if (link) links.current.set(row.id, link)
                else links.current.delete(row.id)
              }}
              to="/s/$store/reviews/$id"
              params={{ store, id: row.id }}
              search={{ group: group || undefined }}
            >
              {groups.title(row.group, row.subgroup)}
            </TextLink>
          ),
        },
        { title: t('reviews.requirement'), cell: (row) => title(row.requirement) },
        ...(decided
          ? [
              { title: t('column.state'), cell: (row: Review) => <StateBadge state={row.state} /> },
              { title: t('reviews.closed'), cell: (row: Review) => time(row.decided_at) },
              { title: t('audit.actor'), cell: (row: Review) => row.votes.map((vote) => people.name(vote.by)).join(', ') },
            ]
          : [
              { title: t('reviews.opened'), cell: (row: Review) => time(row.opened_at) },
              { title: t('reviews.who'), cell: (row: Review) => (row.mine ? t('reviews.who.you') : row.claimed_by ? people.name(row.claimed_by) : t('reviews.who.nobody')) },
              {
                title: t('reviews.votes'),
                cell: (row: Review) => row.needed > 1 && t('reviews.approvals', { count: row.votes.length, needed: row.needed }),
              },
            ]),
      ]}
    />
  )
}
