/** The English texts of a form that the store's own verifier asks for. */
export const remote = {
  remoteWhich: 'Where can we find you?',
  remoteHint: '{name} checks what you give here. It is used for nothing else.',
  remoteMissing: 'Please look at the fields that are marked.',
  remoteEmail: 'This is not an e-mail address.',
  remoteNumber: 'Digits only, please.',
}
