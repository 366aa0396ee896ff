import { Button, Card, Group, SimpleGrid, Text, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useListing } from '../../api/hooks'
import { stores } from '../../api/resources'
import { EmptyState } from '../../parts/EmptyState'
import { Icon } from '../../parts/Icon'
import { Listed } from '../../parts/Listed'
import { ButtonLink } from '../../parts/links'
import { Page } from '../../parts/Page'
import { StateBadge } from '../../parts/StateBadge'
import { useSession } from '../../shell/session'
import { useLanguage } from '../../text/language'
import { NewStore } from './NewStore'

/** Stores lists the person's stores; an operator can make further ones. */
export function Stores() {
  const { t } = useLanguage()
  const { data: session } = useSession()
  const [opened, { open, close }] = useDisclosure(false)
  const list = useListing(['stores'], stores.list)
  const operator = session?.person.operator ?? false
  const create = operator && (
    <Button leftSection={<Icon name="plus" size={16} />} onClick={open}>
      {t('stores.new')}
    </Button>
  )
  return (
    <Page title={t('stores.title')} lead={t('stores.lead')} actions={create}>
      <Listed
        list={list}
        empty={<EmptyState icon="home" title={t('stores.empty')} next={t(operator ? 'stores.empty.operator' : 'stores.empty.person')} action={create} />}
      >
        {(rows) => (
          <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }}>
            {rows.map((store) => (
              <Card key={store.id} component="section" aria-label={store.name}>
                <Group justify="space-between" align="flex-start" wrap="nowrap">
                  <Title order={2}>{store.name}</Title>
                  <StateBadge state={store.mode} />
                </Group>
                <Text c="dimmed" fz="sm" mb="md">
                  {store.currency} · {store.timezone}
                </Text>
                <ButtonLink to="/s/$store" params={{ store: store.id }} variant="light" rightSection={<Icon name="right" size={14} />} aria-label={`${t('stores.open')}: ${store.name}`}>
                  {t('stores.open')}
                </ButtonLink>
              </Card>
            ))}
          </SimpleGrid>
        )}
      </Listed>
      {operator && <NewStore opened={opened} onClose={close} />}
    </Page>
  )
}
