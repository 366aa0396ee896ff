import { Button, Card, Center, Stack, Text, Title } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { Logo } from '../../parts/Logo'
import { sessionKey, useSignOut } from '../../shell/session'
import { useLanguage } from '../../text/language'
import { PasswordForm } from '../account/PasswordForm'
import classes from './SignIn.module.css'

/** FirstPassword asks who came with a one-time password for one of their own; nothing else is allowed before. */
export function FirstPassword() {
  const { t } = useLanguage()
  const client = useQueryClient()
  const signOut = useSignOut()
  return (
    <Center component="main" className={classes.page} p="md">
      <Stack w="100%" maw={400} gap="lg">
        <Logo />
        <Card padding="xl" shadow="sm">
          <Stack>
            <div>
              <Title order={1}>{t('first.title')}</Title>
              <Text c="dimmed" fz="sm" mt={4}>
                {t('first.lead')}
              </Text>
            </div>
            <PasswordForm onChanged={() => void client.refetchQueries({ queryKey: sessionKey })} />
          </Stack>
        </Card>
        <Button variant="subtle" onClick={() => void signOut()}>
          {t('account.signOut')}
        </Button>
      </Stack>
    </Center>
  )
}
