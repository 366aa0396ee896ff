import { useChange } from '../../api/hooks'
import { packs } from '../../api/resources'
import type { Affected, Pack } from '../../api/types'
import { useStore } from '../../shell/store'
import { done } from '../../text/done'
import { useLanguage } from '../../text/language'
import { EffectDialog } from './EffectDialog'

/** PinVersion keeps a store at a version of a pack; with version 0 it follows the newest again. */
export function PinVersion({ pack, version }: { pack: Pack; version: number }) {
  const { t } = useLanguage()
  const { id: store } = useStore()
  const pin = useChange(
    (affected: Affected | undefined) => packs.pin(store, pack.id, { version, ...(affected ? { affected } : {}) }),
    [store, 'data-packs'],
    [store, 'audit'],
  )
  return (
    <EffectDialog
      label={t(version ? 'packs.pin' : 'packs.unpin')}
      question={version ? t('packs.pin.to', { version }) : t('packs.unpin.to', { version: pack.version })}
      {...(version ? { hint: t('packs.pin.why') } : {})}
      change={{ name: pack.id, pin: version }}
      pending={pin.isPending}
      error={pin.error}
      act={(affected) => pin.mutateAsync(affected).then(() => done(t(version ? 'packs.pinned.done' : 'packs.unpinned.done')))}
    />
  )
}
