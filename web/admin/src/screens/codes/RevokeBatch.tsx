import { useChange } from '../../api/hooks'
import { batches } from '../../api/resources'
import type { CodeBatch } from '../../api/types'
import { ConfirmButton } from '../../parts/ConfirmButton'
import { useStore } from '../../shell/store'
import { done } from '../../text/done'
import { useFormat } from '../../text/format'
import { useLanguage } from '../../text/language'

/** RevokeBatch ends what is left of a batch for good, after asking. */
export function RevokeBatch({ batch }: { batch: CodeBatch }) {
  const { t } = useLanguage()
  const { id: store } = useStore()
  const { number } = useFormat()
  const revoke = useChange(() => batches.revoke(store, batch.id), [store, 'batches'], [store, 'audit'])
  return (
    <ConfirmButton
      size="compact-sm"
      question={t('batch.revoke.title')}
      consequence={t('batch.revoke.consequence', { count: number(batch.left) })}
      confirm={t('keys.revoke')}
      act={async () => {
        await revoke.mutateAsync(undefined)
        done(t('batch.revoked'))
      }}
      error={revoke.error}
      pending={revoke.isPending}
    >
      {t('keys.revoke')}
    </ConfirmButton>
  )
}
