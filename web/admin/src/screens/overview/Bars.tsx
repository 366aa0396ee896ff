import { Group, Progress, Stack, Text } from '@mantine/core'
import { Section } from '../../parts/Section'
import { useFormat } from '../../text/format'

interface BarsProps {
  title: string
  none: string
  rows: readonly { name: string; count: number }[]
}

/** Bars compares counts, largest first. */
export function Bars({ title, none, rows }: BarsProps) {
  const { number } = useFormat()
  const sorted = rows.toSorted((a, b) => b.count - a.count)
  const most = sorted[0]?.count ?? 0
  return (
    <Section title={title}>
      {sorted.length === 0 ? (
        <Text c="dimmed" fz="sm">
          {none}
        </Text>
      ) : (
        <Stack gap="sm">
          {sorted.map((row) => (
            <div key={row.name}>
              <Group justify="space-between" gap="xs">
                <Text fz="sm">{readable(row.name)}</Text>
                <Text fz="sm" fw={600}>
                  {number(row.count)}
                </Text>
              </Group>
              <Progress value={most ? (100 * row.count) / most : 0} size="sm" mt={4} aria-label={`${readable(row.name)}: ${number(row.count)}`} />
            </div>
          ))}
        </Stack>
      )}
    </Section>
  )
}

/** readable turns a code such as "first_responder" into words. */
function readable(code: string): string {
  const words = code.replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}
