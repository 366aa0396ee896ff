import { Button, FileInput, Group, SimpleGrid, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useChange } from '../../api/hooks'
import { pools } from '../../api/resources'
import type { CodePool } from '../../api/types'
import { ProblemAlert } from '../../parts/ProblemAlert'
import { useStore } from '../../shell/store'
import { done } from '../../text/done'
import { useFormat } from '../../text/format'
import { useLanguage } from '../../text/language'
import { parseDecimal } from '../../text/money'
import { ImportReport } from './ImportReport'

interface Attempt {
  file: File
  threshold: number
  dryRun: boolean
}

/** ImportCodes takes a file of codes into a pool: it is counted and checked first, and only then imported. */
export function ImportCodes({ offer, pool }: { offer: string; pool: CodePool }) {
  const { t, language } = useLanguage()
  const { id: store } = useStore()
  const { number } = useFormat()
  const [file, setFile] = useState<File | null>(null)
  const [threshold, setThreshold] = useState(String(pool.threshold))
  const load = useChange(
    async ({ file, threshold, dryRun }: Attempt) => pools.load(store, offer, await file.text(), { dry_run: dryRun, threshold }),
    [store, 'pools', offer],
    [store, 'audit'],
  )
  const bound = parseDecimal(threshold || '0', 0, language)
  const send = (dryRun: boolean) => {
    if (!file || bound === null) return
    load.mutate(
      { file, threshold: bound, dryRun },
      {
        onSuccess: (result) => {
          if (result.dry_run) return
          setFile(null)
          done(t('pool.done', { count: number(result.imported) }))
        },
      },
    )
  }
  const report = load.data
  const checked = report?.dry_run && load.variables?.file === file
  return (
    <Stack gap="sm">
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <FileInput
          label={t('pool.file')}
          description={t('pool.file.hint')}
          placeholder={t('pool.file.choose')}
          accept=".csv,.txt,text/csv,text/plain"
          clearable
          clearButtonProps={{ 'aria-label': t('pool.file.clear') }}
          value={file}
          onChange={(chosen) => {
            setFile(chosen)
            load.reset()
          }}
        />
        <TextInput
          label={t('pool.threshold.new')}
          description={t('pool.threshold.hint')}
          inputMode="numeric"
          value={threshold}
          error={bound === null && t('number.whole')}
          onChange={(event) => setThreshold(event.currentTarget.value)}
        />
      </SimpleGrid>
      <div aria-live="polite">
        <ProblemAlert error={load.error} />
        {report && <ImportReport report={report} />}
      </div>
      <Group justify="flex-end" gap="xs">
        <Button variant="default" disabled={!file} loading={load.isPending && load.variables?.dryRun === true} onClick={() => send(true)}>
          {t('pool.check')}
        </Button>
        <Button disabled={!checked || report.imported === 0} loading={load.isPending && load.variables?.dryRun === false} onClick={() => send(false)}>
          {checked ? t('pool.import.count', { count: number(report.imported) }) : t('pool.import')}
        </Button>
      </Group>
    </Stack>
  )
}
