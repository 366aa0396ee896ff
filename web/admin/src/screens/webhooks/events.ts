/** events is the catalogue of what an endpoint can listen to. */
export const events = [
  'verification.verified',
  'verification.rejected',
  'verification.expired',
  'attestation.ended',
  'offer_token.issued',
  'redemption.created',
  'redemption.refunded',
  'member.points_changed',
  'member.tier_changed',
  'codes.guessing',
  'code_pool.low',
  'integration.mismatch',
  'webhook_endpoint.disabled',
] as const
