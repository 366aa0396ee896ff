import { List, SimpleGrid, Stack, Text } from '@mantine/core'
import type { PackDifference, PackEntry } from '../../api/types'
import { useFormat } from '../../text/format'
import { useLanguage } from '../../text/language'

/** Difference shows which domains come and which go: the first of them, and how many more. */
export function Difference({ difference }: { difference: PackDifference }) {
  const { t } = useLanguage()
  const { domains_in: enter, domains_out: leave } = difference
  if (enter + leave === 0) return <Text fz="sm">{t('effect.none')}</Text>
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }}>
      <Part title={t('effect.in')} entries={difference.entered} count={enter} />
      <Part title={t('effect.out')} entries={difference.left} count={leave} />
    </SimpleGrid>
  )
}

const shown = 12

function Part({ title, entries, count }: { title: string; entries: readonly PackEntry[]; count: number }) {
  const { t } = useLanguage()
  const { number } = useFormat()
  return (
    <Stack gap={4}>
      <Text fz="sm" fw={600}>
        {title}: {number(count)}
      </Text>
      {count > 0 && (
        <List fz="sm" listStyleType="none">
          {entries.slice(0, shown).map((entry) => (
            <List.Item key={`${entry.purpose} ${entry.domain}`}>
              {entry.domain}
              {entry.purpose !== 'eligible' && ` (${t(`packs.purpose.${entry.purpose}`)})`}
            </List.Item>
          ))}
          {count > Math.min(shown, entries.length) && <List.Item>{t('effect.more', { count: number(count - Math.min(shown, entries.length)) })}</List.Item>}
        </List>
      )}
    </Stack>
  )
}
