/**
 * The English texts of what the first file draws. Steps that come on demand bring their own, of `words/`; the other
 * languages have all of them in one file. `{name}` is replaced.
 */
export const en = {
  open: 'Verify and save',
  close: 'Close',
  loading: 'One moment …',
  test: 'Test store',
  back: 'Back',
  continue: 'Continue',
  again: 'Try again',
  otherWay: 'Choose another way',
  startOver: 'Start over',

  groupTitle: 'Which of these are you?',

  consentTitle: 'Before we begin',
  consentAgree: 'Agree and continue',
  consentPrivacy: 'Privacy policy',
  optional: 'optional',
  required: 'Please fill this in.',

  pathTitle: 'How would you like to prove it?',
  pathEmail: 'With an eligible e-mail address',
  pathEmailHint: 'We send you a six-digit code.',
  pathSso: 'Sign in with {name}',
  pathSsoHint: 'You come back here afterwards.',
  pathRegistry: 'With a professional number',
  pathRegistryHint: 'We compare it and your name with a register.',
  pathSearch: 'Sign in at your school or organisation',
  pathSearchHint: 'Find it by its name, then sign in there.',
  pathDocument: 'With a document',
  pathDocumentHint: 'A photo or a file; a person looks at it.',
  pathRemote: 'With {name}',
  pathRemoteHint: 'You fill in a few fields.',
  pathMock: 'With a test name',

  unavailableTitle: 'This is not available right now',

  percentOff: '{value} off',
  percentOffLines: '{value} off selected items',
  percentOffShipping: '{value} off shipping',
  amountOff: '{value} off your order',
  amountOffLines: '{value} off selected items',
  amountOffShipping: '{value} off shipping',
  price: 'Your order for {value}',
  priceLines: 'Selected items for {value}',
  priceShipping: 'Shipping for {value}',
  freeShipping: 'Free shipping',
  gift: 'A free gift',
  gifts: '{value} free gifts',
  pointsTimes: '{value} times the points',
  pointsExtra: '{value} extra points',
  anOffer: 'An offer for you',

  'e.network': 'No connection. Please check your network and try again.',
  'e.part': 'A part of this form could not be loaded. Please try again, or reload the page: you go on where you are.',
  'e.internal': 'Something went wrong on our side. Please try again.',
  'e.busy': 'The service is busy. Please wait a moment, then try again.',
  'e.setup': 'This page is not set up correctly. Please tell the store.',
  'e.over': 'This verification is over. Please start over.',
  'e.provider_unavailable': 'The sign-in or the register is not available at the moment. Please try again or choose another way.',
  'e.provider_refused': 'The sign-in was not completed, or did not confirm your group.',
  'e.not_eligible': 'What you sent does not confirm your group.',
  'e.already_verified':
    'This proof is already in use by another account. Please sign in with that account, or contact the store.',
  'e.invalid_step': 'This step has already been answered. Here is what comes next.',
}
