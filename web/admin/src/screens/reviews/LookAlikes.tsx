import { Button, Group, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { reviews } from '../../api/resources'
import type { LookAlike } from '../../api/types'
import { Loaded } from '../../parts/Loaded'
import { useStore } from '../../shell/store'
import { useFormat } from '../../text/format'
import { useLanguage } from '../../text/language'

interface LookAlikesProps {
  review: string
  document: string
  /** beside is the one that stands beside the document. */
  beside: LookAlike | undefined
  onCompare: (alike: LookAlike | undefined) => void
}

/** LookAlikes lists documents of other people that look like one, and puts any of them beside it. */
export function LookAlikes({ review, document, beside, onCompare }: LookAlikesProps) {
  const { t } = useLanguage()
  const { id: store } = useStore()
  const { time } = useFormat()
  const found = useQuery({ queryKey: [store, 'reviews', 'alikes', review, document], queryFn: () => reviews.alikes(store, review, document), staleTime: Infinity, gcTime: 0 })
  return (
    <Stack gap="xs">
      <Title order={3} fz="sm">
        {t('alikes.title')}
      </Title>
      <Loaded query={found}>
        {({ data }) =>
          data.length === 0 ? (
            <Text c="dimmed" fz="sm">
              {t('alikes.none')}
            </Text>
          ) : (
            <>
              <Text c="dimmed" fz="sm">
                {t('alikes.hint')}
              </Text>
              {data.map((alike, i) => (
                <Group key={`${alike.document.id} ${alike.page}`} gap="xs" justify="space-between">
                  <Text fz="sm">
                    {t('alikes.one', { number: i + 1 })}, {time(alike.document.submitted_at)}: {alike.same_file ? t('alikes.same') : t('alikes.distance', { bits: alike.distance })}
                  </Text>
                  {alike.document.deleted_at ? (
                    <Text fz="sm" c="dimmed">
                      {t('alikes.gone')}
                    </Text>
                  ) : beside === alike ? (
                    <Button size="compact-sm" variant="default" onClick={() => onCompare(undefined)}>
                      {t('alikes.apart')}
                    </Button>
                  ) : (
                    <Button size="compact-sm" variant="default" aria-label={`${t('alikes.beside')}: ${t('alikes.one', { number: i + 1 })}`} onClick={() => onCompare(alike)}>
                      {t('alikes.beside')}
                    </Button>
                  )}
                </Group>
              ))}
            </>
          )
        }
      </Loaded>
    </Stack>
  )
}
