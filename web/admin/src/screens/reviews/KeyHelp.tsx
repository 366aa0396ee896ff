import { Kbd, Modal, Stack, Switch, Table } from '@mantine/core'
import { useLanguage } from '../../text/language'
import type { MessageKey } from '../../messages'

interface KeyHelpProps {
  opened: boolean
  onClose: () => void
  on: boolean
  onSwitch: (on: boolean) => void
}

const keys: readonly (readonly [keys: readonly string[], does: MessageKey])[] = [
  [['J', '→'], 'keyboard.next'],
  [['K', '←'], 'keyboard.previous'],
  [['Enter'], 'keyboard.open'],
  [['N'], 'reviews.start'],
  [['A'], 'reviews.approve'],
  [['R'], 'reviews.reject'],
  [['T'], 'keyboard.take'],
  [['G'], 'reviews.release'],
  [['D'], 'keyboard.document'],
  [['Z'], 'keyboard.zoom'],
  [['O'], 'documents.turn'],
  [['?'], 'keyboard.this'],
]

/** KeyHelp lists the keys of the review desk, and switches them off and on. */
export function KeyHelp({ opened, onClose, on, onSwitch }: KeyHelpProps) {
  const { t } = useLanguage()
  return (
    <Modal opened={opened} onClose={onClose} title={t('keyboard.help')} closeButtonProps={{ 'aria-label': t('close') }}>
      <Stack>
        <Switch label={t('keyboard.on')} description={t('keyboard.on.hint')} checked={on} onChange={(event) => onSwitch(event.currentTarget.checked)} />
        <Table aria-label={t('keyboard.help')}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{t('keyboard.key')}</Table.Th>
              <Table.Th scope="col">{t('keyboard.does')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {keys.map(([names, does]) => (
              <Table.Tr key={does}>
                <Table.Td>
                  {names.map((name) => (
                    <Kbd key={name} mr={4}>
                      {name}
                    </Kbd>
                  ))}
                </Table.Td>
                <Table.Td>{t(does)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Stack>
    </Modal>
  )
}
