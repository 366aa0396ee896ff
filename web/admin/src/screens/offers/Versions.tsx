import { Stack, Text } from '@mantine/core'
import { useListing } from '../../api/hooks'
import { offers } from '../../api/resources'
import { Differences } from '../../parts/Differences'
import { Listed } from '../../parts/Listed'
import { Section } from '../../parts/Section'
import { useStore } from '../../shell/store'
import { useFormat } from '../../text/format'
import { useLanguage } from '../../text/language'
import { usePeople } from '../people/usePeople'

/** Versions shows what each version of an offer changed against the one before it. */
export function Versions({ offer }: { offer: string }) {
  const { t } = useLanguage()
  const { id: store } = useStore()
  const { time } = useFormat()
  const people = usePeople()
  const list = useListing([store, 'offers', offer, 'versions'], (query) => offers.versions(store, offer, query))
  return (
    <Listed list={list} empty={null}>
      {(rows) => (
        <Stack>
          {rows.map((version, i) => {
            const before = rows[i + 1]
            return (
              <Section key={version.version} title={t('offers.version', { version: version.version })} hint={[people.name(version.actor), time(version.created_at)].filter(Boolean).join(' · ')}>
                {before ? (
                  <Differences before={before.offer} after={version.offer} />
                ) : (
                  <Text fz="sm" c="dimmed">
                    {t(version.version === 1 ? 'offers.version.first' : 'offers.version.more')}
                  </Text>
                )}
              </Section>
            )
          })}
        </Stack>
      )}
    </Listed>
  )
}
