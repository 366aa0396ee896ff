import { Badge, Group, List, SimpleGrid, Stack, Text } from '@mantine/core'
import { useParams } from '@tanstack/react-router'
import { useRecord } from '../../api/hooks'
import { verifications } from '../../api/resources'
import type { VerificationDetail } from '../../api/types'
import { BackLink } from '../../parts/BackLink'
import { Facts } from '../../parts/Facts'
import { Loaded } from '../../parts/Loaded'
import { TextLink } from '../../parts/links'
import { Page } from '../../parts/Page'
import { Section } from '../../parts/Section'
import { StateBadge } from '../../parts/StateBadge'
import { useStore } from '../../shell/store'
import { useFormat } from '../../text/format'
import { useLanguage } from '../../text/language'
import { PathChips } from '../groups/PathChips'
import { useRequirements } from '../groups/requirements'
import { useGroups } from '../groups/useGroups'
import { SupportSection } from '../support/SupportSection'
import { AttestationSection } from './AttestationSection'
import { Decisions } from './Decisions'
import { EvidenceList } from './EvidenceList'
import { Trail } from './Trail'

/** VerificationScreen shows one attempt: what was asked, what was given, and what came of it. */
export function VerificationScreen() {
  const { t } = useLanguage()
  const { id: store } = useStore()
  const { id } = useParams({ from: '/frame/s/$store/verifications/$id' })
  const groups = useGroups()
  const found = useRecord([store, 'verifications', id], () => verifications.read(store, id))
  return (
    <Page
      title={found.data ? groups.title(found.data.group, found.data.subgroup) : t('verifications.one')}
      lead={id}
      actions={found.data && <StateBadge state={found.data.state} />}
      back={
        <BackLink>
          <TextLink to="/s/$store/verifications" params={{ store }}>
            {t('verifications.title')}
          </TextLink>
        </BackLink>
      }
    >
      <Loaded query={found}>{(data) => <Detail found={data} />}</Loaded>
    </Page>
  )
}

function Detail({ found }: { found: VerificationDetail }) {
  const { t } = useLanguage()
  const { id: store, may } = useStore()
  const { time } = useFormat()
  const { title } = useRequirements()
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }}>
      <Stack>
        <Section title={t('verifications.facts')}>
          <Facts
            rows={[
              [
                t('verifications.customer'),
                found.customer ? (
                  <TextLink to="/s/$store/members/$customer" params={{ store, customer: found.customer }}>
                    {found.customer}
                  </TextLink>
                ) : (
                  t('verifications.customer.none')
                ),
              ],
              [t('column.created'), time(found.created_at)],
              [t('column.updated'), time(found.updated_at)],
              [t('verifications.expires'), time(found.expires_at)],
              [t('verifications.step'), found.step],
              [
                t('verifications.policy'),
                <TextLink key="policy" to="/s/$store/policies/$id" params={{ store, id: found.policy_id }}>
                  {t('verifications.version', { version: found.policy_version })}
                </TextLink>,
              ],
              [t('verifications.locale'), [found.locale, found.country].filter(Boolean).join(', ')],
              [
                t('verifications.consent'),
                t(found.consent.marketing ? 'verifications.consent.marketing' : 'verifications.version', { version: found.consent.version }),
              ],
            ]}
          />
        </Section>
        {found.errors.length > 0 && (
          <Section title={t('verifications.errors')}>
            <List fz="sm">
              {found.errors.map((error) => (
                <List.Item key={error.code}>{error.detail || error.code}</List.Item>
              ))}
            </List>
          </Section>
        )}
        <Trail found={found} />
        {may('support') && <SupportSection found={found} />}
      </Stack>
      <Stack>
        <AttestationSection attestation={found.attestation} verification={found.id} />
        <Section title={t('verifications.evidence')}>
          <EvidenceList evidence={found.evidence} />
        </Section>
        <Section title={t('policies.paths')}>
          <PathChips paths={found.paths} />
          <Group gap={6}>
            <Text fz="sm" c="dimmed">
              {t('verifications.met')}:
            </Text>
            {found.met.length ? found.met.map((r) => <Badge key={r} color="green">{title(r)}</Badge>) : <Text fz="sm">{t('none')}</Text>}
          </Group>
          {found.given_up.length > 0 && (
            <Group gap={6}>
              <Text fz="sm" c="dimmed">
                {t('verifications.givenUp')}:
              </Text>
              {found.given_up.map((g) => (
                <Badge key={g.requirement} color="gray">
                  {title(g.requirement)}
                </Badge>
              ))}
            </Group>
          )}
        </Section>
        <Decisions verification={found.id} />
      </Stack>
    </SimpleGrid>
  )
}
