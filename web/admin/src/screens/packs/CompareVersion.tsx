import { Button, Modal, NativeSelect, Stack } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { packs } from '../../api/resources'
import type { Pack } from '../../api/types'
import { Loaded } from '../../parts/Loaded'
import { useStore } from '../../shell/store'
import { useLanguage } from '../../text/language'
import { Difference } from './Difference'

/** CompareVersion shows what a version has that another has not. */
export function CompareVersion({ pack, version }: { pack: Pack; version: number }) {
  const { t } = useLanguage()
  const [opened, { open, close }] = useDisclosure(false)
  return (
    <>
      <Button size="compact-sm" variant="default" onClick={open} aria-label={`${t('packs.compare')}: ${t('packs.compare.of', { version })}`}>
        {t('packs.compare')}
      </Button>
      <Modal opened={opened} onClose={close} title={t('packs.compare.of', { version })} size="lg" closeButtonProps={{ 'aria-label': t('close') }}>
        <Comparison pack={pack} version={version} />
      </Modal>
    </>
  )
}

function Comparison({ pack, version }: { pack: Pack; version: number }) {
  const { t } = useLanguage()
  const { id: store } = useStore()
  const [from, setFrom] = useState<number>()
  const found = useQuery({
    queryKey: [store, 'data-packs', 'compare', pack.id, version, from],
    queryFn: () => packs.compare(store, pack.id, version, from),
    placeholderData: keepPreviousData,
  })
  const others = Array.from({ length: pack.version }, (_, i) => i + 1).filter((other) => other !== version)
  return (
    <Loaded query={found}>
      {(data) => (
        <Stack>
          {others.length > 0 && (
            <NativeSelect
              label={t('packs.compare.with')}
              value={String(from ?? data.from)}
              data={[
                ...(data.from === 0 ? [{ value: '0', label: t('packs.compare.nothing') }] : []),
                ...others.map((other) => ({ value: String(other), label: t('packs.version.of', { version: other }) })),
              ]}
              onChange={(event) => setFrom(Number(event.currentTarget.value) || undefined)}
            />
          )}
          <Difference difference={data.difference} />
        </Stack>
      )}
    </Loaded>
  )
}
