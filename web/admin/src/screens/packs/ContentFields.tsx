import { Button, FileButton, Group, Radio, SimpleGrid, Stack, Text, TextInput, Textarea } from '@mantine/core'
import type { Purpose } from '../../api/types'
import { Icon } from '../../parts/Icon'
import { useFormat } from '../../text/format'
import { useLanguage } from '../../text/language'
import type { Content } from './useContent'

const purposes: readonly Purpose[] = ['eligible', 'abused', 'stopped']

/** ContentFields takes the content of a data pack: pasted and counted, or from a file. */
export function ContentFields({ content, error }: { content: Content; error?: string | undefined }) {
  const { t } = useLanguage()
  const { number } = useFormat()
  const { file, reading } = content
  return (
    <Stack>
      <Radio.Group label={t('packs.purpose')} value={content.purpose} onChange={(value) => content.set({ purpose: purposes.find((p) => p === value) ?? 'eligible' })}>
        <Stack gap="xs" mt={4}>
          {purposes.map((purpose) => (
            <Radio key={purpose} value={purpose} label={t(`packs.purpose.${purpose}`)} description={t(`packs.purpose.${purpose}.why` as const)} />
          ))}
        </Stack>
      </Radio.Group>
      <Group gap="xs">
        <FileButton accept=".txt,.csv,.json,.tar,.tgz,.gz,text/plain,application/json,application/gzip" onChange={(chosen) => void content.choose(chosen)}>
          {(props) => (
            <Button {...props} variant="default" size="xs" leftSection={<Icon name="list" size={14} />}>
              {t('packs.file')}
            </Button>
          )}
        </FileButton>
        {file && (
          <>
            <Text fz="sm">{t('packs.file.is', { name: file.name, size: number(Math.ceil(file.size / 1000)) })}</Text>
            <Button variant="subtle" size="compact-sm" onClick={() => void content.choose(null)}>
              {t('packs.file.drop')}
            </Button>
          </>
        )}
        {content.tooLarge && (
          <Text fz="sm" role="alert">
            {t('packs.file.large')}
          </Text>
        )}
      </Group>
      {!file && (
        <>
          <Textarea
            label={t('packs.domains')}
            rows={10}
            styles={{ input: { fontFamily: 'monospace' } }}
            spellCheck={false}
            value={content.text}
            error={error}
            onChange={(event) => content.set({ text: event.currentTarget.value })}
          />
          <Group gap="md" role="status">
            <Text fz="sm" fw={600}>
              {t('packs.count', { count: number(reading.domains.length) })}
            </Text>
            {reading.duplicates > 0 && (
              <Text fz="sm" c="dimmed">
                {t('packs.duplicates', { count: number(reading.duplicates) })}
              </Text>
            )}
            {reading.strange.length > 0 && <Text fz="sm">{t('packs.strange', { count: number(reading.strange.length), example: reading.strange[0] ?? '' })}</Text>}
          </Group>
        </>
      )}
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <TextInput label={t('packs.source')} description={t('packs.source.hint')} value={content.source} maxLength={500} onChange={(event) => content.set({ source: event.currentTarget.value })} />
        <TextInput
          label={t('packs.expect')}
          description={t('packs.expect.hint')}
          placeholder="sha256:…"
          value={content.expect}
          onChange={(event) => content.set({ expect: event.currentTarget.value.trim() })}
        />
      </SimpleGrid>
    </Stack>
  )
}
