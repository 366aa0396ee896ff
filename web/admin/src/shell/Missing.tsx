import { Center } from '@mantine/core'
import { EmptyState } from '../parts/EmptyState'
import { ButtonLink } from '../parts/links'
import { useLanguage } from '../text/language'

/** Missing is shown at an address that leads nowhere. */
export function Missing() {
  const { t } = useLanguage()
  return (
    <Center component="main" mih="70vh" p="md">
      <EmptyState page icon="search" title={t('problem.missing.title')} next={t('problem.missing.next')} action={<ButtonLink to="/">{t('nav.start')}</ButtonLink>} />
    </Center>
  )
}
