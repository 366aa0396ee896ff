import { Card, Skeleton, Stack, VisuallyHidden } from '@mantine/core'
import { useLanguage } from '../text/language'

/** Loading holds the place of what is being read. */
export function Loading({ rows = 5 }: { rows?: number }) {
  const { t } = useLanguage()
  return (
    <Card role="status">
      <VisuallyHidden>{t('loading')}</VisuallyHidden>
      <Stack gap="md" aria-hidden="true">
        {Array.from({ length: rows }, (_, row) => (
          <Skeleton key={row} height={18} width={row % 2 ? '72%' : '100%'} radius="sm" />
        ))}
      </Stack>
    </Card>
  )
}
