import { Table, Text } from '@mantine/core'
import { differences } from '../text/differences'
import { useLanguage } from '../text/language'
import classes from './Differences.module.css'

/** Differences shows, field by field, how something was before and after a change. */
export function Differences({ before, after }: { before: unknown; after: unknown }) {
  const { t } = useLanguage()
  const rows = differences(before, after)
  if (rows.length === 0) return <Text c="dimmed">{t('diff.none')}</Text>
  return (
    <Table className={classes.table} aria-label={t('audit.changes')}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">{t('diff.field')}</Table.Th>
          <Table.Th scope="col">{t('diff.before')}</Table.Th>
          <Table.Th scope="col">{t('diff.after')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map((row) => (
          <Table.Tr key={row.path}>
            <Table.Th scope="row">{row.path}</Table.Th>
            <Table.Td>{row.before === null ? '–' : <del className={classes.before}>{row.before}</del>}</Table.Td>
            <Table.Td>{row.after === null ? '–' : <ins className={classes.after}>{row.after}</ins>}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}
