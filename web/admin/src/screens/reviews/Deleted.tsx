import { Alert, Text } from '@mantine/core'
import type { ReviewDocument } from '../../api/types'
import { Icon } from '../../parts/Icon'
import { useFormat } from '../../text/format'
import { useLanguage } from '../../text/language'

/** Deleted stands where a document was, with the proof that it is gone. */
export function Deleted({ document }: { document: ReviewDocument }) {
  const { t } = useLanguage()
  const { time } = useFormat()
  const { proof } = document
  return (
    <Alert role="note" color="gray" icon={<Icon name="trash" />} title={t('documents.deleted', { time: time(document.deleted_at) })}>
      {proof && <Text fz="sm">{t(proof.absent && proof.key_destroyed ? 'documents.deleted.proof' : 'documents.deleted.doubt', { digest: `${proof.sha256.slice(0, 12)}…` })}</Text>}
    </Alert>
  )
}
