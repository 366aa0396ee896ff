import { Button, NativeSelect, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useChange, useListing } from '../../api/hooks'
import { people } from '../../api/resources'
import type { Person, Role } from '../../api/types'
import { ConfirmButton } from '../../parts/ConfirmButton'
import { EmptyState } from '../../parts/EmptyState'
import { Icon } from '../../parts/Icon'
import { Listed } from '../../parts/Listed'
import { Page } from '../../parts/Page'
import { ProblemAlert } from '../../parts/ProblemAlert'
import { RecordTable } from '../../parts/RecordTable'
import { roles } from '../../shell/rights'
import { useStore } from '../../shell/store'
import { done } from '../../text/done'
import { useLanguage } from '../../text/language'
import { AddPerson } from './AddPerson'

/** People lists who works in the store, and lets an owner add people and change roles. */
export function People() {
  const { t } = useLanguage()
  const { id, may } = useStore()
  const [opened, { open, close }] = useDisclosure(false)
  const key = [id, 'people']
  const list = useListing(key, (query) => people.list(id, query))
  const change = useChange((v: { id: string; role: Role }) => people.role(id, v.id, v.role), key, [id, 'audit'])
  const remove = useChange((person: string) => people.remove(id, person), key, [id, 'audit'])
  const add = may('people') && (
    <Button leftSection={<Icon name="plus" size={16} />} onClick={open}>
      {t('people.add')}
    </Button>
  )
  const role = (person: Person) =>
    may('people') ? (
      <NativeSelect
        aria-label={t('people.role.of', { name: person.name || person.email })}
        size="xs"
        w={150}
        value={person.role}
        data={roles.map((value) => ({ value, label: t(`role.${value}`) }))}
        onChange={(event) => {
          const next = roles.find((r) => r === event.currentTarget.value)
          if (next) change.mutate({ id: person.id, role: next }, { onSuccess: () => done(t('people.role.changed')) })
        }}
      />
    ) : (
      t(`role.${person.role}`)
    )
  return (
    <Page title={t('people.title')} lead={t('people.lead')} actions={add}>
      <ProblemAlert error={change.error} />
      <Listed list={list} empty={<EmptyState icon="people" title={t('people.empty')} next={t('people.empty.next')} action={add} />}>
        {(rows) => (
          <RecordTable
            label={t('people.title')}
            rows={rows}
            id={(person) => person.id}
            columns={[
              {
                title: t('people.name'),
                cell: (person) => (
                  <>
                    <Text fz="sm" fw={600}>
                      {person.name || person.email}
                    </Text>
                    <Text fz="xs" c="dimmed">
                      {person.email}
                    </Text>
                  </>
                ),
              },
              { title: t('people.role'), cell: role },
              ...(may('people')
                ? [
                    {
                      title: t('column.actions'),
                      number: true,
                      cell: (person: Person) => (
                        <ConfirmButton
                          size="xs"
                          question={t('people.remove', { name: person.name || person.email })}
                          consequence={t('people.remove.consequence')}
                          confirm={t('remove')}
                          act={() => remove.mutateAsync(person.id)}
                          error={remove.error}
                          pending={remove.isPending}
                        >
                          {t('remove')}
                        </ConfirmButton>
                      ),
                    },
                  ]
                : []),
            ]}
          />
        )}
      </Listed>
      {may('people') && <AddPerson opened={opened} onClose={close} />}
    </Page>
  )
}
