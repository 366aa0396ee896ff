import { Badge, Table, Text } from '@mantine/core'
import type { OfferVersion } from '../../api/types'
import { differences } from '../../text/differences'
import { useFormat } from '../../text/format'
import { useLanguage } from '../../text/language'
import classes from './VersionDiff.module.css'
import { fieldName, fieldValue } from './versionWords'

interface VersionDiffProps {
  from: OfferVersion
  to: OfferVersion
  /** currency is the store's. */
  currency: string
}

const colors = { added: 'green', removed: 'red', changed: 'blue' } as const

/** VersionDiff shows, field by field, what two versions of an offer disagree on. */
export function VersionDiff({ from, to, currency }: VersionDiffProps) {
  const { t } = useLanguage()
  const say = { ...useFormat(), t }
  const rows = differences(from.offer, to.offer)
  if (rows.length === 0) return <Text c="dimmed">{t('diff.none')}</Text>
  return (
    <Table className={classes.table} aria-label={t('offers.diff', { from: from.version, to: to.version })}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">{t('diff.field')}</Table.Th>
          <Table.Th scope="col">{t('offers.version', { version: from.version })}</Table.Th>
          <Table.Th scope="col">{t('offers.version', { version: to.version })}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map(({ path, before, after }) => {
          const kind = before === null ? 'added' : after === null ? 'removed' : 'changed'
          return (
            <Table.Tr key={path}>
              <Table.Th scope="row">
                {fieldName(path, t)} <Badge color={colors[kind]}>{t(`diff.${kind}`)}</Badge>
              </Table.Th>
              <Table.Td data-title={t('offers.version', { version: from.version })}>{before === null ? '–' : <del className={classes.before}>{fieldValue(path, before, from.offer, currency, say)}</del>}</Table.Td>
              <Table.Td data-title={t('offers.version', { version: to.version })}>{after === null ? '–' : <ins className={classes.after}>{fieldValue(path, after, to.offer, currency, say)}</ins>}</Table.Td>
            </Table.Tr>
          )
        })}
      </Table.Tbody>
    </Table>
  )
}
