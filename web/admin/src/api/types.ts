import type { components } from '../../../api/schema'

type Schemas = components['schemas']

/** Page is one page of a list; next_cursor is null on the last one. */
export interface Page<T> {
  data: T[]
  next_cursor: string | null
}

/** Texts are one text by language: {"en": "Students"}. */
export type Texts = Record<string, string>

export type Session = Schemas['AdminSession']
export type SessionPerson = Schemas['AdminPerson']
export type SessionStore = Schemas['AdminStoreRole']
/** Role is what a person may do in a store. */
export type Role = SessionStore['role']
/** Mode is fixed when a store is made. */
export type Mode = SessionStore['mode']

export type Store = Schemas['AdminStore']
export type NewStore = Schemas['CreateStoreInputBody']
export type StoreChange = Schemas['UpdateStoreInputBody']
export type Overview = Schemas['AdminOverview']
export type OverviewDay = Schemas['AdminDay']

export type ApiKey = Schemas['AdminKey']
export type KeyKind = ApiKey['kind']
export type CreatedKey = Schemas['AdminCreatedKey']
export type NewKey = Schemas['CreateKeyInputBody']
/** TokenAlgorithm is what a store's tokens are signed by. */
export type TokenAlgorithm = Store['token_algorithm']
export type Shopify = Schemas['AdminShopify']
export type ShopifyInput = Schemas['ShopifyInputBody']

export type Group = Schemas['AdminGroup']
export type GroupInput = Schemas['GroupInputBody']
export type Subgroup = Schemas['AdminSubgroup']
export type Policy = Schemas['AdminPolicy']
/** PolicyInput is a policy as the form holds it: every field is there. */
export type PolicyInput = Required<Schemas['AdminPolicyFields']>

export type Provider = Schemas['AdminProvider']
export type ProviderInput = Schemas['ProviderInputBody']
export type ProviderChange = Schemas['ProviderChangeBody']
export type ProviderRule = Schemas['AdminProviderRule']
export type ProviderClaim = Schemas['AdminProviderClaim']
export type ClaimType = ProviderClaim['type']
export type TokenAuth = NonNullable<ProviderInput['token_auth']>

export type Pack = Schemas['AdminDataPack']
export type PackVersion = Schemas['AdminPackVersion']
export type PackEntry = Schemas['AdminPackEntry']
export type PackEffect = Schemas['AdminPackEffect']
export type PackComparison = Schemas['AdminPackComparison']
export type PackDifference = Schemas['AdminPackDifference']
/** PackContent is what a version of a pack is made of. */
export type PackContent = Omit<Schemas['DataPackInputBody'], 'name' | 'affected'>
export type PackPreview = Schemas['DataPackPreviewBody']
export type Purpose = PackEntry['purpose']
/** Affected is what becomes of attestations that rest on domains which go. */
export type Affected = NonNullable<Schemas['DataPackInputBody']['affected']>

export type Roster = Schemas['AdminRoster']
export type RosterInput = Schemas['RosterInputBody']
export type Remote = Schemas['AdminRemote']
export type RemoteInput = Schemas['RemoteInputBody']
export type RemoteField = Schemas['AdminRemoteField']
export type CreatedRemote = Schemas['AdminCreatedRemote']
export type DocumentSettings = Schemas['AdminDocumentSettings']
export type DocumentSettingsInput = Schemas['DocumentSettingsInputBody']
export type PolicyLimit = Schemas['AdminPolicyLimit']

export type OfferState = Schemas['OfferStateBody']['state']
export type Benefit = Schemas['AdminBenefit']
export type BenefitType = Benefit['type']
export type OfferInput = Omit<Schemas['AdminOfferFields'], 'state'>
/** Offer is an offer as it is read: it always has a state, which only a change may leave out. */
export type Offer = Schemas['AdminOffer'] & { state: OfferState }
export type OfferVersion = Schemas['AdminOfferVersion']
export type OfferLimits = Schemas['AdminLimits']
export type OfferPeriod = Schemas['AdminPeriod']
/** CampaignEvent is an occasion that comes back every year. */
export type CampaignEvent = Schemas['AdminCampaign']['event']

export type RuleCheck = Schemas['AdminRuleCheck']
export type RuleError = Schemas['AdminRuleError']
export type RuleVariable = Schemas['AdminRuleVariable']
export type Trial = Schemas['OfferTrialBody']
export type Tried = Schemas['AdminTried']
export type Trace = Schemas['Trace']
/** Finding is one condition of an offer: what it saw, what it wants, and whether it holds. */
export type Finding = Schemas['Condition']
export type RulePart = Schemas['RulePart']

export type CodePool = Schemas['AdminCodePool']
export type PoolImport = Schemas['AdminImport']
export type CodeBatch = Schemas['AdminCodeBatch']
export type NewCodeBatch = Schemas['NewCodeBatchBody']

export type Program = Schemas['AdminProgram']
export type ProgramInput = Omit<Schemas['ProgramInputBody'], 'version'>
export type WindowType = Schemas['AdminWindow']['type']

export type Member = Schemas['AdminMember']
export type MemberDetail = Schemas['AdminMemberDetail']
export type Lot = Schemas['AdminLot']
export type Entry = Schemas['AdminEntry']
export type Adjustment = Schemas['AdjustInputBody']

export type Verification = Schemas['AdminVerification']
export type VerificationDetail = Schemas['AdminVerificationDetail']
export type Evidence = Schemas['AdminEvidence']
export type Attestation = Schemas['AdminAttestation']

export type Review = Schemas['AdminReview']
export type ReviewFile = Schemas['AdminReviewFile']
export type ReviewQueue = Schemas['AdminReviewQueue']
export type ReviewReason = Schemas['AdminReason']
export type Ruling = Schemas['RulingInputBody']
export type Ruled = Schemas['AdminRuled']
export type ReviewDocument = Schemas['AdminDocument']
export type LookAlike = Schemas['AdminLookAlike']
export type Explanation = Schemas['Explanation']
/** Replay is one decision, made again. */
export type Replay = Schemas['DecisionReplay']

export type FraudCase = Schemas['AdminFraudCase']
export type Fraud = Schemas['Fraud']
export type FraudLabelling = Schemas['FraudLabelBody']
export type FraudLabel = FraudLabelling['label']
export type Override = Schemas['Admin-verify-by-handRequest']
export type Moving = Schemas['Admin-move-attestationRequest']
/** Supported is what came of something that support did. */
export type Supported = Schemas['Supported']

export type PrivacyRequest = Schemas['AdminPrivacyRequest']
export type Retention = Schemas['AdminRetention']
export type RetentionClass = Schemas['AdminRetentionOf']
/** RecordPage is one part of what is kept about a shopper. */
export type RecordPage = Schemas['RecordPage']

export type Redemption = Schemas['AdminRedemption']
export type RedemptionDetail = Schemas['AdminRedemptionDetail']
export type Refund = Schemas['AdminRefund']

export type Webhook = Schemas['AdminWebhook']
export type WebhookInput = Required<Schemas['WebhookInputBody']>
export type CreatedWebhook = Schemas['AdminCreatedWebhook']
export type Delivery = Schemas['AdminDelivery']
export type DeliveryDetail = Schemas['AdminDeliveryDetail']
export type ReplayRange = Schemas['ReplayInputBody']
export type Replayed = Schemas['AdminReplayed']

export type AuditEvent = Schemas['AdminAuditEntry']
export type Person = Schemas['AdminMemberPerson']
export type CreatedPerson = Schemas['AdminAddedPerson']
