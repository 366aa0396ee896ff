import { Fieldset, Stack, Switch } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useNavigate } from '@tanstack/react-router'
import { useChange } from '../../api/hooks'
import { webhooks } from '../../api/resources'
import type { Webhook, WebhookInput } from '../../api/types'
import { ConfirmButton } from '../../parts/ConfirmButton'
import { ProblemAlert } from '../../parts/ProblemAlert'
import { SaveBar } from '../../parts/SaveBar'
import { Section } from '../../parts/Section'
import { StateBadge } from '../../parts/StateBadge'
import { useStore } from '../../shell/store'
import { done } from '../../text/done'
import { showOn, taken } from '../../text/fields'
import { useLanguage } from '../../text/language'
import { Health } from './Health'
import { RotateSecret } from './RotateSecret'
import { SendTest } from './SendTest'
import { WebhookFields } from './WebhookFields'

/** EditWebhook changes an endpoint, switches it, tests it, gives it another secret, or deletes it. */
export function EditWebhook({ hook, reload }: { hook: Webhook; reload: () => void }) {
  const { t } = useLanguage()
  const { id: store, may } = useStore()
  const navigate = useNavigate()
  const form = useForm<WebhookInput & { state: Webhook['state'] }>({
    initialValues: { url: hook.url, description: hook.description, events: hook.events, state: hook.state },
  })
  const save = useChange((v: typeof form.values) => webhooks.save(store, hook.id, { ...v, version: hook.version }), [store, 'webhooks'], [store, 'audit'])
  const remove = useChange(() => webhooks.remove(store, hook.id))
  const submit = form.onSubmit((values) =>
    save.mutate(values, { onSuccess: () => done(t('saved')), onError: (error) => showOn(form, error) }),
  )
  return (
    <form onSubmit={submit}>
      <Fieldset disabled={!may('webhooks')} variant="unstyled">
        <Section title={hook.url} actions={<StateBadge state={hook.state} />}>
          <Stack>
            <Health hook={hook} />
            <ProblemAlert error={save.error} fields={taken('url', 'description', 'events', 'events.', 'state')} {...(save.error ? { reload } : {})} />
            <WebhookFields form={form} />
            <Switch
              label={t('webhooks.enabled')}
              checked={form.values.state === 'enabled'}
              onChange={(event) => form.setFieldValue('state', event.currentTarget.checked ? 'enabled' : 'disabled')}
            />
            {may('webhooks') && (
              <SaveBar pending={save.isPending}>
                <SendTest hook={hook} />
                <RotateSecret hook={hook} />
                <ConfirmButton
                  question={t('webhooks.delete')}
                  consequence={t('webhooks.delete.consequence', { url: hook.url })}
                  confirm={t('delete')}
                  act={async () => {
                    await remove.mutateAsync(undefined)
                    await navigate({ to: '/s/$store/webhooks', params: { store } })
                  }}
                  error={remove.error}
                  pending={remove.isPending}
                >
                  {t('delete')}
                </ConfirmButton>
              </SaveBar>
            )}
          </Stack>
        </Section>
      </Fieldset>
    </form>
  )
}
