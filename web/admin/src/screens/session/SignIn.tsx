import { Button, Card, Center, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useChange } from '../../api/hooks'
import { isProblem } from '../../api/problem'
import { session } from '../../api/resources'
import { Logo } from '../../parts/Logo'
import { ProblemAlert } from '../../parts/ProblemAlert'
import { sessionKey } from '../../shell/session'
import { useLanguage } from '../../text/language'
import { LanguageSelect } from '../account/LanguageSelect'
import classes from './SignIn.module.css'

/** SignIn opens a session with email and password. */
export function SignIn() {
  const { t } = useLanguage()
  const client = useQueryClient()
  const form = useForm({ initialValues: { email: '', password: '' } })
  const open = useChange((v: { email: string; password: string }) => session.open(v.email, v.password))
  useEffect(() => {
    document.title = `${t('signIn.title')} · Laurel`
  }, [t])
  const known = isProblem(open.error, 'sign_in_failed', 'sign_in_throttled')
  const submit = form.onSubmit((values) =>
    open.mutate(values, {
      onSuccess: (opened) => {
        client.removeQueries({ predicate: (query) => query.queryKey[0] !== sessionKey[0] })
        client.setQueryData(sessionKey, opened)
      },
    }),
  )
  return (
    <Center component="main" className={classes.page} p="md">
      <Stack w="100%" maw={400} gap="lg">
        <Logo />
        <Card padding="xl" shadow="sm">
          <form onSubmit={submit}>
            <Stack>
              <div>
                <Title order={1}>{t('signIn.title')}</Title>
                <Text c="dimmed" fz="sm" mt={4}>
                  {t('signIn.lead')}
                </Text>
              </div>
              {open.error && !known && <ProblemAlert error={open.error} />}
              <TextInput label={t('signIn.email')} type="email" autoComplete="username" required withAsterisk={false} {...form.getInputProps('email')} />
              <PasswordInput
                label={t('signIn.password')}
                autoComplete="current-password"
                required
                withAsterisk={false}
                error={known && t(isProblem(open.error, 'sign_in_failed') ? 'signIn.failed' : 'signIn.throttled')}
                errorProps={{ role: 'alert' }}
                {...form.getInputProps('password', { withError: false })}
              />
              <Button type="submit" fullWidth loading={open.isPending}>
                {t('signIn.submit')}
              </Button>
              <Text fz="xs" c="dimmed">
                {t('signIn.help')}
              </Text>
            </Stack>
          </form>
        </Card>
        <LanguageSelect />
      </Stack>
    </Center>
  )
}
