/** events is the catalogue of what an endpoint can listen to. */
export const events = [
  'verification.verified',
  'verification.rejected',
  'verification.expired',
  'attestation.ended',
  'offer_token.issued',
  'offer_token.revoked',
  'redemption.created',
  'redemption.refunded',
  'order.refunded',
  'member.points_changed',
  'member.tier_changed',
  'codes.guessing',
  'code_pool.low',
  'integration.mismatch',
  'webhook_endpoint.disabled',
] as const
