import { Card, Table } from '@mantine/core'
import type { ReactNode } from 'react'
import classes from './RecordTable.module.css'

/** Column is one column of a list. */
export interface Column<T> {
  title: string
  cell: (row: T) => ReactNode
  /** number columns stand to the right. */
  number?: boolean
}

interface RecordTableProps<T> {
  label: string
  columns: readonly Column<T>[]
  rows: readonly T[]
  id: (row: T) => string
}

/** RecordTable is a table that becomes one small card a row on a phone. */
export function RecordTable<T>({ label, columns, rows, id }: RecordTableProps<T>) {
  return (
    <Card p={0} className={classes.frame}>
      <Table aria-label={label} verticalSpacing="sm" horizontalSpacing="md" highlightOnHover className={classes.table}>
        <Table.Thead>
          <Table.Tr>
            {columns.map((column) => (
              <Table.Th key={column.title} scope="col" ta={column.number ? 'right' : 'left'}>
                {column.title}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={id(row)}>
              {columns.map((column) => (
                <Table.Td key={column.title} data-title={column.title} className={column.number ? classes.number : undefined}>
                  <div className={classes.value}>{column.cell(row)}</div>
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Card>
  )
}
