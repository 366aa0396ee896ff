import { useChange } from '../../api/hooks'
import { packs } from '../../api/resources'
import type { Affected, Pack } from '../../api/types'
import { useStore } from '../../shell/store'
import { done } from '../../text/done'
import { useLanguage } from '../../text/language'
import { EffectDialog } from './EffectDialog'

/** RollBack brings an older version's content back, as a new version. */
export function RollBack({ pack, to }: { pack: Pack; to: number }) {
  const { t } = useLanguage()
  const { id: store } = useStore()
  const roll = useChange(
    (affected: Affected | undefined) => packs.rollBack(store, pack.id, { to, version: pack.version, ...(affected ? { affected } : {}) }),
    [store, 'data-packs'],
    [store, 'audit'],
  )
  return (
    <EffectDialog
      label={t('packs.rollBack')}
      question={t('packs.rollBack.to', { version: to })}
      change={{ name: pack.id, version: pack.version, roll_back_to: to }}
      pending={roll.isPending}
      error={roll.error}
      act={(affected) => roll.mutateAsync(affected).then(() => done(t('packs.rolledBack')))}
    />
  )
}
