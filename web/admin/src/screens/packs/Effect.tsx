import { Radio, Stack, Table, Text } from '@mantine/core'
import type { Affected, PackEffect } from '../../api/types'
import { useFormat } from '../../text/format'
import { useLanguage } from '../../text/language'
import { useRequirements } from '../groups/requirements'
import { Difference } from './Difference'

interface EffectProps {
  effect: PackEffect
  affected: Affected | undefined
  onChoose: (affected: Affected) => void
}

/** Effect shows what a change of a pack does before it is done, and asks what becomes of the attestations that it touches. */
export function Effect({ effect, affected, onChoose }: EffectProps) {
  const { t } = useLanguage()
  const { number } = useFormat()
  const { title } = useRequirements()
  const { difference, attestations_affected: count } = effect
  return (
    <Stack gap="sm">
      <Text fz="sm" fw={600} role="status">
        {t('effect.sum', { in: number(difference.domains_in), out: number(difference.domains_out), attestations: number(count) })}
      </Text>
      <Difference difference={difference} />
      {count > 0 && (
        <>
          <Table aria-label={t('effect.affected')}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">{t('packs.domains')}</Table.Th>
                <Table.Th scope="col">{t('packs.requirement')}</Table.Th>
                <Table.Th scope="col" ta="right">
                  {t('effect.attestations')}
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {effect.affected_domains.map((row) => (
                <Table.Tr key={`${row.requirement} ${row.domain}`}>
                  <Table.Td>{row.domain}</Table.Td>
                  <Table.Td>{title(row.requirement)}</Table.Td>
                  <Table.Td ta="right">{number(row.attestations)}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
          <Radio.Group label={t('effect.choice')} required value={affected ?? null} onChange={(value) => onChoose(value === 'end' ? 'end' : 'keep')}>
            <Stack gap="xs" mt={4}>
              <Radio value="keep" label={t('effect.keep')} />
              <Radio value="end" label={t('effect.end')} />
            </Stack>
          </Radio.Group>
        </>
      )}
    </Stack>
  )
}

/** settled tells whether everything is chosen that an effect asks for. */
export const settled = (effect: PackEffect | undefined, affected: Affected | undefined): boolean =>
  effect !== undefined && (effect.attestations_affected === 0 || affected !== undefined)
