import { Group } from '@mantine/core'
import { useChange } from '../../api/hooks'
import { support } from '../../api/resources'
import type { VerificationDetail } from '../../api/types'
import { Section } from '../../parts/Section'
import { useStore } from '../../shell/store'
import { done } from '../../text/done'
import { useLanguage } from '../../text/language'
import { MoveAttestation } from './MoveAttestation'
import { ReasonDialog } from './ReasonDialog'

/** SupportSection is what support can do about a verification: all of it with a reason, and in the audit log. */
export function SupportSection({ found }: { found: VerificationDetail }) {
  const { t } = useLanguage()
  const { id: store } = useStore()
  const touched = [[store, 'verifications'], [store, 'audit']] as const
  const resend = useChange((reason: string) => support.resend(store, found.id, reason), ...touched)
  const reset = useChange((reason: string) => support.reset(store, found.id, reason), ...touched)
  const { attestation } = found
  return (
    <Section title={t('support.title')}>
      <Group gap="xs">
        {found.step === 'email_code' && (
          <ReasonDialog
            label={t('support.resend')}
            hint={t('support.resend.hint')}
            pending={resend.isPending}
            error={resend.error}
            act={(reason) => resend.mutateAsync(reason).then(() => done(t('support.resend.done')))}
          />
        )}
        <ReasonDialog
          label={t('support.reset')}
          hint={t('support.reset.hint')}
          pending={reset.isPending}
          error={reset.error}
          act={(reason) => reset.mutateAsync(reason).then(({ windows }) => done(t('support.reset.done', { count: windows })))}
        />
        {attestation?.state === 'active' && <MoveAttestation attestation={attestation.id} />}
      </Group>
    </Section>
  )
}
