import { Alert, List, Stack, Text } from '@mantine/core'
import type { PoolImport } from '../../api/types'
import { Facts } from '../../parts/Facts'
import { useFormat } from '../../text/format'
import { useLanguage } from '../../text/language'

/** ImportReport tells what a file of codes holds: how many are new, known, repeated or wrong, and which lines are wrong. */
export function ImportReport({ report }: { report: PoolImport }) {
  const { t } = useLanguage()
  const { number } = useFormat()
  return (
    <Alert color={report.invalid ? 'yellow' : 'green'} title={t(report.dry_run ? 'pool.report.dry' : 'pool.report')}>
      <Stack gap="xs">
        <Facts
          rows={[
            [t('pool.new'), number(report.imported)],
            [t('pool.known'), number(report.known)],
            [t('pool.repeated'), number(report.repeated)],
            [t('pool.invalid'), number(report.invalid)],
          ]}
        />
        {report.errors.length > 0 && (
          <List fz="sm" aria-label={t('pool.invalid')}>
            {report.errors.map((line) => (
              <List.Item key={line.line}>{t('pool.line', { line: line.line, detail: line.detail })}</List.Item>
            ))}
          </List>
        )}
        {report.invalid > report.errors.length && (
          <Text fz="sm" c="dimmed">
            {t('pool.line.more', { count: number(report.invalid - report.errors.length) })}
          </Text>
        )}
      </Stack>
    </Alert>
  )
}
