import type { RedemptionDetail } from '../../api/types'
import { RecordTable } from '../../parts/RecordTable'
import { TextLink } from '../../parts/links'
import { isMessage } from '../../messages'
import { useStore } from '../../shell/store'
import { useFormat } from '../../text/format'
import { useLanguage } from '../../text/language'

/** AppliedList shows the offers that an order used, each in the version that priced it. */
export function AppliedList({ redemption, offerName }: { redemption: RedemptionDetail; offerName: (offer: string) => string }) {
  const { t } = useLanguage()
  const { id: store } = useStore()
  const { money } = useFormat()
  const spread = (method: string) => {
    const key = `redemptions.spread.${method}`
    return isMessage(key) ? t(key) : method
  }
  return (
    <RecordTable
      label={t('redemptions.applied')}
      rows={redemption.applied}
      id={(applied) => `${applied.offer_id} ${redemption.applied.indexOf(applied)}`}
      columns={[
        {
          title: t('offers.unknown'),
          cell: (applied) => (
            <TextLink to="/s/$store/offers/$id" params={{ store, id: applied.offer_id }} search={{ tab: 'versions', to: String(applied.offer_version) }}>
              {t('redemptions.version', { offer: offerName(applied.offer_id), version: applied.offer_version })}
            </TextLink>
          ),
        },
        { title: t('redemptions.spread'), cell: (applied) => spread(applied.method) },
        { title: t('redemptions.discount'), number: true, cell: (applied) => money(-applied.amount, redemption.currency) },
      ]}
    />
  )
}
