import { SimpleGrid, Stack } from '@mantine/core'
import { useParams } from '@tanstack/react-router'
import { useRecord } from '../../api/hooks'
import { members } from '../../api/resources'
import type { MemberDetail } from '../../api/types'
import { BackLink } from '../../parts/BackLink'
import { Loaded } from '../../parts/Loaded'
import { TextLink } from '../../parts/links'
import { Page } from '../../parts/Page'
import { useStore } from '../../shell/store'
import { useFormat } from '../../text/format'
import { useLanguage } from '../../text/language'
import { Figure } from '../overview/Figure'
import { VerifyByHand } from '../support/VerifyByHand'
import { AdjustPoints } from './AdjustPoints'
import { Entries } from './Entries'
import { Lots } from './Lots'

/** MemberScreen shows one member: balance, tier, lots and the ledger. */
export function MemberScreen() {
  const { t } = useLanguage()
  const { id: store, may } = useStore()
  const { customer } = useParams({ from: '/frame/s/$store/members/$customer' })
  const member = useRecord([store, 'members', customer], () => members.read(store, customer))
  return (
    <Page
      title={customer}
      actions={
        <>
          {may('support') && <VerifyByHand customer={customer} />}
          {member.data && may('members') && <AdjustPoints customer={customer} />}
        </>
      }
      back={
        <BackLink>
          <TextLink to="/s/$store/members" params={{ store }}>
            {t('members.title')}
          </TextLink>
        </BackLink>
      }
    >
      <Loaded query={member}>{(data) => <Detail member={data} />}</Loaded>
    </Page>
  )
}

function Detail({ member }: { member: MemberDetail }) {
  const { t } = useLanguage()
  const { number } = useFormat()
  const { next_tier: next } = member
  return (
    <Stack>
      <SimpleGrid cols={{ base: 2, md: 4 }} spacing={{ base: 'xs', sm: 'md' }}>
        <Figure name={t('members.available')} value={number(member.balance.available)} />
        <Figure name={t('members.pending')} value={number(member.balance.pending)} />
        <Figure name={t('members.debt')} value={number(member.balance.debt)} />
        <Figure
          name={t('members.tier')}
          value={member.tier?.name ?? t('members.tier.none')}
          {...(next ? { more: t('members.next', { missing: number(next.missing), tier: next.name }) } : {})}
        />
      </SimpleGrid>
      <Lots lots={member.lots} />
      <Entries customer={member.customer} head={member.head} />
    </Stack>
  )
}
