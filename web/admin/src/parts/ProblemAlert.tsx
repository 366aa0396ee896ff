import { Alert, Button, List, Stack, Text } from '@mantine/core'
import { Problem, Unreachable, isProblem } from '../api/problem'
import { useLanguage } from '../text/language'
import { Icon } from './Icon'

interface ProblemAlertProps {
  error: unknown
  /** fields are the names of the form's fields: their errors stand there and are not repeated here. */
  fields?: (path: string) => boolean
  /** reload reads the thing again; offered when somebody else changed it meanwhile. */
  reload?: () => void
}

/** ProblemAlert says what went wrong and what to do, in the words of the problem document. */
export function ProblemAlert({ error, fields, reload }: ProblemAlertProps) {
  const { t } = useLanguage()
  if (!error) return null
  const conflict = isProblem(error, 'version_conflict')
  const rest = error instanceof Problem ? error.errors.filter((e) => !fields?.(e.pointer)) : []
  return (
    <Alert role="alert" color={conflict ? 'yellow' : 'red'} icon={<Icon name="warn" />} title={title()}>
      <Stack gap="xs" align="flex-start">
        <Text fz="sm">{conflict ? t('problem.conflict.detail') : detail()}</Text>
        {rest.length > 0 && (
          <List fz="sm">
            {rest.map((e) => (
              <List.Item key={e.pointer + e.detail}>
                {e.pointer.replace(/^#\//, '')}: {e.detail}
              </List.Item>
            ))}
          </List>
        )}
        {error instanceof Problem && error.requestId && (
          <Text fz="xs" c="dimmed">
            {t('problem.request', { id: error.requestId })}
          </Text>
        )}
        {reload && (
          <Button size="xs" variant="default" leftSection={<Icon name="retry" size={14} />} onClick={reload}>
            {conflict ? t('problem.conflict.reload') : t('problem.retry')}
          </Button>
        )}
      </Stack>
    </Alert>
  )

  function title(): string {
    if (conflict) return t('problem.conflict.title')
    if (error instanceof Unreachable) return t('problem.unreachable.title')
    if (isProblem(error, 'not_found')) return t('problem.notFound')
    return (error instanceof Problem && error.title) || t('problem.title')
  }

  function detail(): string {
    if (error instanceof Unreachable) return t('problem.unreachable.detail')
    return (error instanceof Problem && error.detail) || t('problem.detail')
  }
}
