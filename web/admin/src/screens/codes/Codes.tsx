import { Stack } from '@mantine/core'
import type { Offer } from '../../api/types'
import { CodeBatches } from './CodeBatches'
import { CodePool } from './CodePool'

/** Codes is what of an offer is about codes: the pool of the platform's own, and batches for mailings. */
export function Codes({ offer }: { offer: Offer }) {
  return (
    <Stack>
      <CodePool offer={offer} />
      <CodeBatches offer={offer.id} />
    </Stack>
  )
}
