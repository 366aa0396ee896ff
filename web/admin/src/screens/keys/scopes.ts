/** scopes are what a secret key can be bounded to, by subject. Each operation of the contract says which one it needs. */
export const scopes = [
  'checkout:read',
  'checkout:write',
  'customer_sessions:write',
  'evaluations:write',
  'members:read',
  'offer_tokens:read',
  'offer_tokens:write',
  'offers:read',
  'orders:write',
  'storefront:read',
  'test_clock:write',
  'verifications:read',
  'verifications:write',
] as const
