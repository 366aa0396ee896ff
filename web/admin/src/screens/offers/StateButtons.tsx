import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useChange } from '../../api/hooks'
import { offers } from '../../api/resources'
import type { Offer, OfferState } from '../../api/types'
import { ConfirmButton } from '../../parts/ConfirmButton'
import { useStore } from '../../shell/store'
import { done } from '../../text/done'
import { useLanguage } from '../../text/language'

/** StateButtons offers the states that an offer can go to from where it is. */
export function StateButtons({ offer }: { offer: Offer }) {
  const { t } = useLanguage()
  const { id: store } = useStore()
  const change = useChange(
    (state: OfferState) => offers.state(store, offer.id, { version: offer.version, state }),
    [store, 'offers'],
    [store, 'checklist'],
    [store, 'audit'],
  )
  const go = async (state: OfferState) => {
    await change.mutateAsync(state)
    done(t('offers.state.changed', { state: t(`state.${state}`) }))
  }
  const press = (state: OfferState) =>
    void go(state).catch((error: Error) => notifications.show({ color: 'red.8', title: t('problem.title'), message: error.message, closeButtonProps: { 'aria-label': t('close') } }))
  return (
    <>
      {(offer.state === 'draft' || offer.state === 'paused') && (
        <Button loading={change.isPending} onClick={() => press('live')}>
          {t('offers.live')}
        </Button>
      )}
      {offer.state === 'live' && (
        <Button variant="default" loading={change.isPending} onClick={() => press('paused')}>
          {t('offers.pause')}
        </Button>
      )}
      {(offer.state === 'live' || offer.state === 'paused') && (
        <ConfirmButton
          question={t('offers.end.title')}
          consequence={t('offers.end.consequence')}
          confirm={t('offers.end')}
          act={() => go('ended')}
          error={change.error}
          pending={change.isPending}
        >
          {t('offers.end')}
        </ConfirmButton>
      )}
    </>
  )
}
