import { Alert, Group } from '@mantine/core'
import { useChange, useRecord } from '../../api/hooks'
import { pools } from '../../api/resources'
import type { CodePool as Pool, Offer } from '../../api/types'
import { ConfirmButton } from '../../parts/ConfirmButton'
import { Facts } from '../../parts/Facts'
import { Icon } from '../../parts/Icon'
import { Loaded } from '../../parts/Loaded'
import { Section } from '../../parts/Section'
import { useStore } from '../../shell/store'
import { done } from '../../text/done'
import { useFormat } from '../../text/format'
import { useLanguage } from '../../text/language'
import { ImportCodes } from './ImportCodes'

/** CodePool shows how many of the platform's own codes an offer has left, takes new ones, and throws the free ones away. */
export function CodePool({ offer }: { offer: Offer }) {
  const { t } = useLanguage()
  const { id: store, may } = useStore()
  const found = useRecord([store, 'pools', offer.id], () => pools.read(store, offer.id))
  return (
    <Section title={t('pool.title')} hint={t('pool.hint')}>
      <Loaded query={found}>
        {(pool) => (
          <>
            {!offer.code_pool && <Alert color="yellow">{t('pool.off')}</Alert>}
            {pool.low && (
              <Alert color="yellow" icon={<Icon name="warn" />}>
                {t('pool.low')}
              </Alert>
            )}
            <Counts pool={pool} />
            {may('offers') && (
              <>
                <ImportCodes offer={offer.id} pool={pool} />
                {pool.free > 0 && <Drop offer={offer.id} free={pool.free} />}
              </>
            )}
          </>
        )}
      </Loaded>
    </Section>
  )
}

function Counts({ pool }: { pool: Pool }) {
  const { t } = useLanguage()
  const { number, time } = useFormat()
  return (
    <Facts
      rows={[
        [t('pool.free'), number(pool.free)],
        [t('pool.given'), number(pool.given)],
        [t('pool.threshold'), number(pool.threshold)],
        [t('pool.imported'), time(pool.imported_at)],
      ]}
    />
  )
}

function Drop({ offer, free }: { offer: string; free: number }) {
  const { t } = useLanguage()
  const { id: store } = useStore()
  const { number } = useFormat()
  const drop = useChange(() => pools.empty(store, offer), [store, 'pools', offer], [store, 'audit'])
  return (
    <Group justify="flex-end">
      <ConfirmButton
        question={t('pool.drop.title')}
        consequence={t('pool.drop.consequence', { count: number(free) })}
        confirm={t('pool.drop')}
        act={async () => {
          await drop.mutateAsync(undefined)
          done(t('pool.dropped'))
        }}
        error={drop.error}
        pending={drop.isPending}
      >
        {t('pool.drop')}
      </ConfirmButton>
    </Group>
  )
}
