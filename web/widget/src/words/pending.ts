/** The English texts of waiting for a decision. */
export const pending = {
  pendingTitle: 'We are checking',
  pendingNow: 'What you sent is being looked at. There is nothing more for you to do.',
  pendingNext: 'As soon as it is decided, this page shows the result by itself: your code, or what is missing.',
  pendingLater: 'You may close this page. Come back to it in this browser, or open the link on another device.',
  pendingShared: 'Whoever has the link sees your result: keep it to yourself.',
  pendingLink: 'Copy the link',
  pendingCopied: 'The link is copied.',
  pendingSelected: 'The link is selected: copy it with your keyboard.',
  pendingCopy: 'Link to come back',
  pendingStop: 'Cancel',
  pendingStopHint: 'Then nobody looks at what you sent any more, and it ends here. You may begin anew at any time.',
  pendingStopNow: 'Yes, cancel',
}
