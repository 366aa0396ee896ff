import { Button, Center } from '@mantine/core'
import { EmptyState } from '../parts/EmptyState'
import { useLanguage } from '../text/language'

/** Broken is shown instead of a screen that failed, for example because a part of it could not be loaded. */
export function Broken() {
  const { t } = useLanguage()
  return (
    <Center mih="50vh" p="md" role="alert">
      <EmptyState page icon="warn" title={t('problem.title')} next={t('problem.broken')} action={<Button onClick={() => location.reload()}>{t('problem.reload')}</Button>} />
    </Center>
  )
}
