/** The English texts of a mailbox and its code. */
export const email = {
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

  'e.email_invalid': 'Please enter a valid e-mail address, such as name@school.edu.',
  'e.email_not_eligible': 'This address is not eligible. Please use the one of your school, employer or service.',
  'e.email_limit': 'Too many codes were sent to this address. Please try again tomorrow, or use another address.',
  'e.code_invalid': 'This code is not right. Please check the six digits.',
  'e.code_expired': 'This code has expired. Please ask for a new one.',
}
