import { Badge, Button, Card, Group, Stack, Text, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useListing } from '../../api/hooks'
import { policies } from '../../api/resources'
import { EmptyState } from '../../parts/EmptyState'
import { Icon } from '../../parts/Icon'
import { Listed } from '../../parts/Listed'
import { Loaded } from '../../parts/Loaded'
import { ButtonLink, TextLink } from '../../parts/links'
import { Page } from '../../parts/Page'
import { RecordTable } from '../../parts/RecordTable'
import { Section } from '../../parts/Section'
import { useStore } from '../../shell/store'
import { useLanguage } from '../../text/language'
import { NewGroup } from './NewGroup'
import { PathChips } from './PathChips'
import { useGroups } from './useGroups'

/** Groups lists the policies of a store, and all groups that there are. */
export function Groups() {
  const { t } = useLanguage()
  const { id, may } = useStore()
  const groups = useGroups()
  const [opened, { open, close }] = useDisclosure(false)
  const list = useListing([id, 'policies'], (query) => policies.list(id, query))
  const create = may('policies') && (
    <ButtonLink to="/s/$store/policies/new" params={{ store: id }} leftSection={<Icon name="plus" size={16} />}>
      {t('policies.new')}
    </ButtonLink>
  )
  return (
    <Page title={t('groups.title')} lead={t('groups.lead')} actions={create}>
      <Title order={2}>{t('policies.title')}</Title>
      <Listed list={list} empty={<EmptyState icon="path" title={t('policies.empty')} next={t('policies.empty.next')} action={create} />}>
        {(rows) => (
          <RecordTable
            label={t('policies.title')}
            rows={rows}
            id={(policy) => policy.id}
            columns={[
              {
                title: t('policies.group'),
                cell: (policy) => (
                  <TextLink to="/s/$store/policies/$id" params={{ store: id, id: policy.id }}>
                    {groups.title(policy.group, policy.subgroup)}
                  </TextLink>
                ),
              },
              { title: t('policies.paths'), cell: (policy) => <PathChips paths={policy.paths} /> },
              {
                title: t('policies.validity'),
                cell: (policy) =>
                  [policy.validity_days && t('policies.days', { days: policy.validity_days }), policy.valid_until && t('policies.until', { day: policy.valid_until })].filter(Boolean).join(', '),
              },
            ]}
          />
        )}
      </Listed>
      <Section
        title={t('groups.list')}
        actions={
          may('policies') && (
            <Button variant="default" size="xs" leftSection={<Icon name="plus" size={14} />} onClick={open}>
              {t('groups.new')}
            </Button>
          )
        }
      >
        <Loaded query={groups.query}>
          {({ data }) => (
            <Stack gap="xs">
              {data.map((group) => (
                <Card key={group.group} padding="xs" radius="md">
                  <Group justify="space-between" gap="xs">
                    <Text fz="sm" fw={600}>
                      {groups.title(group.group)}
                    </Text>
                    {group.custom && <Badge size="sm">{t('groups.custom')}</Badge>}
                  </Group>
                  <Text fz="xs" c="dimmed">
                    {group.subgroups.map((s) => groups.title(group.group, s.subgroup).split(' – ')[1]).join(' · ') || group.group}
                  </Text>
                </Card>
              ))}
            </Stack>
          )}
        </Loaded>
      </Section>
      {may('policies') && <NewGroup opened={opened} onClose={close} />}
    </Page>
  )
}
