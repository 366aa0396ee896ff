import { Box, Tabs } from '@mantine/core'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useChange, useRecord } from '../../api/hooks'
import { offers, stores } from '../../api/resources'
import type { Offer, OfferInput, Store } from '../../api/types'
import { BackLink } from '../../parts/BackLink'
import { Loaded } from '../../parts/Loaded'
import { TextLink } from '../../parts/links'
import { Page } from '../../parts/Page'
import { StateBadge } from '../../parts/StateBadge'
import { useStore } from '../../shell/store'
import { done } from '../../text/done'
import { useLanguage } from '../../text/language'
import { Codes } from '../codes/Codes'
import { OfferForm } from './OfferForm'
import { OfferSnippet } from './OfferSnippet'
import { StateButtons } from './StateButtons'
import { Versions } from './Versions'
import { useBenefit } from './useBenefit'

/** OfferScreen edits and tries an offer, changes its state, and shows its codes, versions and snippet. */
export function OfferScreen() {
  const { t } = useLanguage()
  const { id: store, may } = useStore()
  const { id } = useParams({ from: '/frame/s/$store/offers/$id' })
  const { tab = 'edit' } = useSearch({ from: '/frame/s/$store/offers/$id' })
  const navigate = useNavigate()
  const benefit = useBenefit()
  const offer = useRecord([store, 'offers', id], () => offers.read(store, id))
  const home = useRecord([store, 'store'], () => stores.read(store))
  return (
    <Page
      title={offer.data?.name ?? t('offers.unknown')}
      lead={offer.data && benefit(offer.data.benefit)}
      actions={
        offer.data && (
          <>
            <StateBadge state={offer.data.state} />
            {may('offers') && <StateButtons offer={offer.data} />}
          </>
        )
      }
      back={
        <BackLink>
          <TextLink to="/s/$store/offers" params={{ store }}>
            {t('offers.title')}
          </TextLink>
        </BackLink>
      }
    >
      <Tabs value={tab} onChange={(value) => void navigate({ to: '.', search: { tab: value ?? undefined }, replace: true })} keepMounted={false}>
        <Tabs.List mb="lg">
          <Tabs.Tab value="edit">{t('offers.edit')}</Tabs.Tab>
          <Tabs.Tab value="codes">{t('codes.title')}</Tabs.Tab>
          <Tabs.Tab value="versions">{t('offers.versions')}</Tabs.Tab>
          <Tabs.Tab value="snippet">{t('offers.snippet')}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="edit">
          <Loaded query={home}>
            {(place) => <Loaded query={offer}>{(data) => <Form key={data.version} offer={data} home={place} reload={() => void offer.refetch()} />}</Loaded>}
          </Loaded>
        </Tabs.Panel>
        <Tabs.Panel value="codes">
          <Loaded query={offer}>{(data) => <Codes offer={data} />}</Loaded>
        </Tabs.Panel>
        <Tabs.Panel value="versions">
          <Loaded query={home}>{({ currency }) => <Versions offer={id} currency={currency} />}</Loaded>
        </Tabs.Panel>
        <Tabs.Panel value="snippet">
          <OfferSnippet offer={id} />
        </Tabs.Panel>
      </Tabs>
    </Page>
  )
}

function Form({ offer, home, reload }: { offer: Offer; home: Store; reload: () => void }) {
  const { t } = useLanguage()
  const save = useChange((input: OfferInput) => offers.save(home.id, offer.id, { ...input, version: offer.version }), [home.id, 'offers'], [home.id, 'audit'])
  return (
    <Box maw={760}>
        <OfferForm
          offer={offer}
          place={home}
          pending={save.isPending}
          error={save.error}
          reload={reload}
          onSave={(input) => save.mutate(input, { onSuccess: () => done(t('saved')) })}
        />
    </Box>
  )
}
