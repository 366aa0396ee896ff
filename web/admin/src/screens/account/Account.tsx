import { Stack } from '@mantine/core'
import { Facts } from '../../parts/Facts'
import { Page } from '../../parts/Page'
import { Section } from '../../parts/Section'
import { useSession } from '../../shell/session'
import { useLanguage } from '../../text/language'
import { LanguageSelect } from './LanguageSelect'
import { PasswordForm } from './PasswordForm'

/** Account is the person's own page. */
export function Account() {
  const { t } = useLanguage()
  const { data: session } = useSession()
  const person = session?.person
  return (
    <Page title={t('account.title')} {...(person?.operator ? { lead: t('account.operator') } : {})}>
      <Stack maw={560}>
        {person && (
          <Section title={person.name || person.email}>
            <Facts
              rows={[
                [t('people.email'), person.email],
                ...(session?.stores ?? []).map((s) => [s.name, t(`role.${s.role}`)] as const),
              ]}
            />
          </Section>
        )}
        <Section title={t('account.language')}>
          <LanguageSelect description={t('account.language.hint')} />
        </Section>
        <Section title={t('account.password')} hint={t('account.password.hint')}>
          <PasswordForm />
        </Section>
      </Stack>
    </Page>
  )
}
