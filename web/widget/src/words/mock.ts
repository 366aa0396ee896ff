/** The English texts of the test step. */
export const mock = {
  mockTitle: 'Test verification',
  mockHint: 'The first name decides what happens: VERIFIED, REJECTED, REVIEW, EMAILCODE, SSO or ERROR.',
  mockLabel: 'First name',
}
