import { useChange } from '../../api/hooks'
import { keys } from '../../api/resources'
import type { ApiKey } from '../../api/types'
import { ConfirmButton } from '../../parts/ConfirmButton'
import { useStore } from '../../shell/store'
import { done } from '../../text/done'
import { useLanguage } from '../../text/language'

/** RevokeKey ends a key for ever, after asking. */
export function RevokeKey({ apiKey }: { apiKey: ApiKey }) {
  const { t } = useLanguage()
  const { id } = useStore()
  const revoke = useChange((key: string) => keys.revoke(id, key), [id, 'keys'], [id, 'checklist'], [id, 'audit'])
  return (
    <ConfirmButton
      size="xs"
      question={t('keys.revoke.title', { name: apiKey.name })}
      consequence={t('keys.revoke.consequence')}
      confirm={t('keys.revoke')}
      act={async () => {
        await revoke.mutateAsync(apiKey.id)
        done(t('keys.revoked'))
      }}
      error={revoke.error}
      pending={revoke.isPending}
    >
      {t('keys.revoke')}
    </ConfirmButton>
  )
}
