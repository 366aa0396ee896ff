/** The English texts of the code that was won. */
export const success = {
  successTitle: 'You are verified',
  successHint: 'Use this code at the checkout.',
  successPlain: 'That is all: your group is confirmed.',
  codeQr: 'This code as a QR code',
  codeExpires: 'Valid until {time}',
  codeOver: 'This code has expired.',
  codeNew: 'Get a new code',
  copy: 'Copy code',
  copied: 'Copied',
  renewHint: 'Your proof ends on {date}.',
  renewNow: 'Renew it',
  copySelected: 'The code is selected: copy it with your keyboard.',

  'e.offer_not_live': 'This offer is not available to you at the moment.',
  'e.limit_reached': 'You have already used this offer, or it is used up.',
}
