/** The English texts: the list of keys that every language has to fill. `{name}` is replaced. */
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

  pathTitle: 'How would you like to prove it?',
  pathEmail: 'With an eligible e-mail address',
  pathEmailHint: 'We send you a six-digit code.',
  pathSso: 'Sign in with {name}',
  pathSsoHint: 'You come back here afterwards.',
  pathMock: 'With a test name',

  emailTitle: 'Your e-mail address',
  emailHint: 'Use the one of your school, employer or service. We send a six-digit code to it.',
  emailLabel: 'E-mail address',
  emailSend: 'Send code',

  codeTitle: 'Enter the code',
  codeHint: 'We sent six digits to {email}.',
  codeHintUnknown: 'We sent six digits to your address.',
  codeLabel: 'Six-digit code',
  codeShort: 'Please enter all six digits.',
  codeTries: 'Tries left: {n}.',
  resend: 'Send a new code',
  resendIn: 'Send a new code in {n} s',
  resent: 'A new code is on its way.',
  otherAddress: 'Use another address',

  ssoTitle: 'Sign in to prove it',
  ssoHint: 'You leave this page to sign in and come back here afterwards. We never see your password.',
  ssoGo: 'Continue to {name}',

  mockTitle: 'Test verification',
  mockHint: 'The first name decides what happens: VERIFIED, REJECTED, REVIEW, EMAILCODE, SSO or ERROR.',
  mockLabel: 'First name',

  pendingTitle: 'We are checking',
  pendingHint: 'This page updates by itself. You may also come back later in this tab.',

  successTitle: 'You are verified',
  successHint: 'Use this code at the checkout.',
  successPlain: 'That is all: your group is confirmed.',
  codeExpires: 'Valid until {time}',
  codeOver: 'This code has expired.',
  codeNew: 'Get a new code',
  copy: 'Copy code',
  copied: 'Copied',
  copySelected: 'The code is selected: copy it with your keyboard.',

  refusedTitle: 'We could not verify you',
  refusedNext: 'You can start over, also with another way to prove it. If you think this is wrong, please contact {store}.',

  unavailableTitle: 'This is not available right now',

  percentOff: '{value} off',
  amountOff: '{value} off your order',
  freeShipping: 'Free shipping',

  'e.network': 'No connection. Please check your network and try again.',
  'e.internal': 'Something went wrong on our side. Please try again.',
  'e.busy': 'The service is busy. Please wait a moment, then try again.',
  'e.setup': 'This page is not set up correctly. Please tell the store.',
  'e.over': 'This verification is over. Please start over.',
  'e.email_invalid': 'Please enter a valid e-mail address, such as name@school.edu.',
  'e.email_not_eligible': 'This address is not eligible. Please use the one of your school, employer or service.',
  'e.email_limit': 'Too many codes were sent to this address. Please try again tomorrow, or use another address.',
  'e.code_invalid': 'This code is not right. Please check the six digits.',
  'e.code_expired': 'This code has expired. Please ask for a new one.',
  'e.tries_exhausted': 'Too many wrong codes. Please start over.',
  'e.provider_unavailable': 'The sign-in is not available at the moment. Please try again or choose another way.',
  'e.provider_refused': 'The sign-in was not completed, or did not confirm your group.',
  'e.not_eligible': 'What you sent does not confirm your group.',
  'e.already_verified':
    'This proof is already in use by another account. Please sign in with that account, or contact the store.',
  'e.invalid_step': 'This step has already been answered. Here is what comes next.',
  'e.offer_not_live': 'This offer is not available to you at the moment.',
  'e.limit_reached': 'You have already used this offer, or it is used up.',
}

/** Messages is one language's texts. */
export type Messages = Readonly<Record<keyof typeof en, string>>
