/** The English texts of the register's step. */
export const registry = {
  registryTitle: 'Your entry in the register',
  registryHint: 'Give your number and your name as they stand on the list. We compare them and keep neither in readable form.',
  registryHintNpi: 'Give your NPI and your name as they stand in the national register (NPPES). We compare them and keep neither in readable form.',
  registryNumber: 'Your number',
  registryNpi: 'NPI number',
  registryFirst: 'First name',
  registryLast: 'Last name',
  registryState: 'State',
  registryMissing: 'Please fill in your number, your first name and your last name.',
  registryNoNpi: 'This is not an NPI: it has ten digits, and the last one checks the others.',
}
