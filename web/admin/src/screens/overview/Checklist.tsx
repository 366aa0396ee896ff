import { Badge, Group, Stack, Text, ThemeIcon } from '@mantine/core'
import { useRecord } from '../../api/hooks'
import { keys, offers, policies, stores, verifications } from '../../api/resources'
import { CopyField } from '../../parts/CopyField'
import { Icon } from '../../parts/Icon'
import { ButtonLink } from '../../parts/links'
import { Section } from '../../parts/Section'
import { useStore } from '../../shell/store'
import { useLanguage } from '../../text/language'
import { snippet } from './snippet'

/** Checklist leads a new store to its first verification. It disappears with the first shopper who came. */
export function Checklist() {
  const { t } = useLanguage()
  const { id } = useStore()
  const found = useRecord([id, 'checklist'], async () => {
    const [store, keyPage, policyPage, offerPage, verificationPage] = await Promise.all([
      stores.read(id),
      keys.list(id, { limit: 100 }),
      policies.list(id, { limit: 1 }),
      offers.list(id, { limit: 100 }),
      verifications.list(id, { limit: 1 }),
    ])
    const usable = keyPage.data.filter((key) => !key.revoked_at)
    return {
      origins: store.origins.length > 0,
      publishable: usable.find((key) => key.kind === 'publishable'),
      secret: usable.some((key) => key.kind === 'secret'),
      policy: policyPage.data.length > 0,
      offer: offerPage.data.find((offer) => offer.state === 'live'),
      used: verificationPage.data.length > 0,
    }
  })
  if (!found.data) return null
  const { origins, publishable, secret, policy, offer, used } = found.data
  const steps = [
    { key: 'origins', done: origins, to: '/s/$store/settings' },
    { key: 'keys', done: Boolean(publishable) && secret, to: '/s/$store/keys' },
    { key: 'policy', done: policy, to: '/s/$store/groups' },
    { key: 'offer', done: Boolean(offer), to: '/s/$store/offers' },
  ] as const
  const count = steps.filter((step) => step.done).length
  if (count === steps.length && used) return null
  const code = publishable?.plain && offer ? snippet(location.origin, publishable.plain, offer.id) : null
  return (
    <Section title={t('check.title')} actions={<Badge size="lg">{t('check.progress', { done: count, all: steps.length + 1 })}</Badge>}>
      <Stack component="ol" gap="sm" p={0} m={0}>
        {steps.map((step) => (
          <Group key={step.key} component="li" justify="space-between" gap="sm">
            <Group gap="sm" wrap="nowrap">
              <ThemeIcon radius="xl" variant={step.done ? 'filled' : 'default'} size={28} autoContrast>
                <Icon name={step.done ? 'check' : 'right'} size={15} />
              </ThemeIcon>
              <div>
                <Text fz="sm" fw={600}>
                  {t(`check.${step.key}`)}
                </Text>
                <Text fz="sm" c="dimmed">
                  {t(`check.${step.key}.why`)}
                </Text>
              </div>
            </Group>
            {step.done ? (
              <Text fz="sm" c="dimmed">
                {t('check.done')}
              </Text>
            ) : (
              <ButtonLink to={step.to} params={{ store: id }} size="xs" variant="light" aria-label={t('check.open', { step: t(`check.${step.key}`) })}>
                {t('stores.open')}
              </ButtonLink>
            )}
          </Group>
        ))}
        <Stack component="li" gap={6}>
          <Text fz="sm" fw={600}>
            {t('check.snippet')}
          </Text>
          {code ? <CopyField label={t('snippet.label')} value={code} /> : <Text fz="sm" c="dimmed">{t('check.snippet.later')}</Text>}
        </Stack>
      </Stack>
    </Section>
  )
}
