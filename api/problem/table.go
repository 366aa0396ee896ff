package problem

import (
	"net/http"
	"slices"

	"github.com/laurel-gateway/laurel/internal/fault"
)

// Entry is what the contract says about a fault code.
type Entry struct {
	// Status is the HTTP status.
	Status int
	// Title names the kind of problem; it is the same each time.
	Title string
	// Help says what a developer does about it, for the problem's page.
	Help string
}

const (
	bad         = http.StatusBadRequest
	conflict    = http.StatusConflict
	invalid     = http.StatusUnprocessableEntity
	forbidden   = http.StatusForbidden
	missing     = http.StatusNotFound
	unavailable = http.StatusServiceUnavailable
	tooMany     = http.StatusTooManyRequests
)

// table is the one place where a fault code gets its status and title.
var table = map[fault.Code]Entry{
	fault.Internal:               {http.StatusInternalServerError, "Internal error", "The gateway failed. Send the same request with the same Idempotency-Key again; if it stays, tell the operator the request_id."},
	fault.Unavailable:            {unavailable, "Temporarily unavailable", "Something the gateway needs does not answer. Nothing was changed. Wait as Retry-After says and send the same request again."},
	fault.Overloaded:             {unavailable, "Overloaded", "There is more work than the gateway takes. Nothing was changed. Wait as Retry-After says and send the same request again."},
	fault.BadRequest:             {bad, "Bad request", "The request is not HTTP that the gateway can read: look at address, query and headers."},
	fault.MalformedJSON:          {bad, "Malformed JSON", "The body is not one JSON value in UTF-8, or it has a duplicate name or the character U+0000."},
	fault.Invalid:                {invalid, "Invalid request", "Parts of the request are wrong. Each is named in errors, by JSON pointer."},
	fault.BodyTooLarge:           {http.StatusRequestEntityTooLarge, "Body too large", "Send less in one request."},
	fault.UnsupportedMedia:       {http.StatusUnsupportedMediaType, "Unsupported media type", "Send the body as application/json."},
	fault.NotAcceptable:          {http.StatusNotAcceptable, "Not acceptable", "The answer is application/json: accept it."},
	fault.MethodNotAllowed:       {http.StatusMethodNotAllowed, "Method not allowed", "This address has other methods: see the Allow header."},
	fault.NotFound:               {missing, "Not found", "There is no such thing in this store. What belongs to another store does not exist here."},
	fault.Unauthenticated:        {http.StatusUnauthorized, "Not authenticated", "Send a valid key or session in the Authorization header: Bearer, then the key."},
	fault.Forbidden:              {forbidden, "Not allowed", "This credential may not do this. Use the kind of key that the operation names, with the scope it needs."},
	fault.OriginNotAllowed:       {forbidden, "Origin not allowed", "Add the page's origin to the store's allowed origins in the console."},
	fault.RateLimited:            {tooMany, "Too many requests", "Wait as Retry-After says. The RateLimit headers tell what is left."},
	fault.IdempotencyKeyMissing:  {bad, "Idempotency-Key missing", "Send a fresh UUID in the Idempotency-Key header of every request that changes something, and the same one when you repeat it."},
	fault.IdempotencyKeyInvalid:  {bad, "Idempotency-Key invalid", "Use 1 to 255 visible ASCII characters, such as a UUID."},
	fault.IdempotencyKeyReused:   {invalid, "Idempotency-Key reused", "This key was sent before with another request. Use a new key for a new request."},
	fault.IdempotencyKeyInFlight: {conflict, "Idempotency-Key in flight", "The first request with this key is still being worked on. Wait, then send it again."},
	fault.Conflict:               {conflict, "Conflict", "What is there now does not allow this. Read it again and decide."},
	fault.VersionConflict:        {conflict, "Version conflict", "Somebody changed it meanwhile. Read it again and repeat the change on the new version."},

	fault.TokenInvalid:         {invalid, "Offer token invalid", "The token was not issued by this gateway for this store, or it was changed on the way."},
	fault.TokenExpired:         {conflict, "Offer token expired", "Get a new token: the shopper's verification is still good."},
	fault.TokenSpent:           {conflict, "Offer token spent", "A token pays for one order, once. The shopper gets a new token if the offer allows another use."},
	fault.TokenRevoked:         {conflict, "Offer token revoked", "The right to the offer ended. The shopper verifies again."},
	fault.CodeUnknown:          {invalid, "Offer code unknown", "Check the code for typing errors. Codes of another store do not exist here."},
	fault.CustomerMismatch:     {conflict, "Other customer", "This belongs to another customer of the store. Send the customer it was made for."},
	fault.CartMismatch:         {conflict, "Other cart", "The token was made for another cart. Send that cart, or get a token for this one."},
	fault.OfferNotFound:        {missing, "Offer not found", "The store has no such offer."},
	fault.OfferNotLive:         {conflict, "Offer not live", "The offer is a draft, paused, ended or not begun. See its state in the console."},
	fault.OfferNotEligible:     {conflict, "Not eligible for the offer", "The shopper is not verified for the group of this offer, or the offer's rule says no."},
	fault.OfferNotApplicable:   {conflict, "Offer not applicable", "The cart does not meet the offer's conditions. The evaluation names the reason."},
	fault.BudgetExhausted:      {conflict, "Budget exhausted", "What is left of the offer's budget does not cover the discount."},
	fault.CodePoolEmpty:        {conflict, "Code pool empty", "Every code of the platform that was imported for this offer is given. Import more; the token can be asked for again."},
	fault.LimitReached:         {conflict, "Limit reached", "The offer was used as often as its limits allow."},
	fault.EvaluationInvalid:    {invalid, "Evaluation invalid", "The evaluation_id was not made by this gateway for this store. Evaluate the cart again."},
	fault.EvaluationExpired:    {conflict, "Evaluation expired", "Evaluate the cart again and use the new evaluation_id."},
	fault.ReservationExpired:   {conflict, "Reservation expired", "The hold ended. Evaluate and reserve again."},
	fault.ReservationReleased:  {conflict, "Reservation released", "The hold was given back. Evaluate and reserve again."},
	fault.ReservationRedeemed:  {conflict, "Reservation redeemed", "The hold became a redemption. Refund that instead."},
	fault.TotalsChanged:        {conflict, "Totals changed", "The totals differ from those that were held. Evaluate the cart again and show the shopper the new price."},
	fault.OrderConflict:        {conflict, "Order conflict", "This order was recorded before with other content. An order id names one order for ever."},
	fault.RefundConflict:       {conflict, "Refund conflict", "This refund was recorded before with other content. A refund_ref names one refund for ever."},
	fault.RefundExceedsOrder:   {conflict, "Refund exceeds order", "More would be given back than was bought and not yet refunded."},
	fault.PointsInsufficient:   {conflict, "Not enough points", "The member has fewer points available."},
	fault.LedgerSourceConflict: {conflict, "Ledger source conflict", "Points for this source were posted before with other content."},
	fault.ProgramMissing:       {conflict, "No loyalty program", "Set up the store's program in the console first."},
	fault.CurrencyUnknown:      {invalid, "Currency unknown", "Use an ISO 4217 code such as EUR."},

	fault.InvalidStep:          {conflict, "Invalid step", "The verification waits for another step: read it and answer its step."},
	fault.VerificationExpired:  {conflict, "Verification expired", "The time to answer is over. Start a new verification."},
	fault.ConsentMissing:       {invalid, "Consent missing", "Show the consent text of GET /v1/storefront and send its version with accepted: true."},
	fault.GroupUnknown:         {invalid, "Group unknown", "Use a group and subgroup of GET /v1/storefront."},
	fault.PolicyMissing:        {conflict, "No policy", "Nothing says yet how this group is proven. An admin adds a policy in the console."},
	fault.PolicyUnsound:        {invalid, "Policy unsound", "A path of the policy proves nothing. Each is named in errors."},
	fault.EmailInvalid:         {invalid, "Mail address invalid", "The shopper checks the address for typing errors."},
	fault.EmailNotEligible:     {invalid, "Mail address not eligible", "The shopper uses the address that the school, hospital or service gave them, or takes another path."},
	fault.EmailLimit:           {tooMany, "Too many codes", "Too many codes were sent to this mailbox. The shopper waits and tries again."},
	fault.CodeInvalid:          {invalid, "Code wrong", "The shopper types the code of the newest mail."},
	fault.CodeExpired:          {invalid, "Code expired", "Send a new code by answering the email step again."},
	fault.TriesExhausted:       {conflict, "Too many tries", "The verification has failed. Start a new one."},
	fault.ProviderUnknown:      {invalid, "Provider unknown", "Use a provider of GET /v1/storefront that a path of this verification names."},
	fault.ProviderUnavailable:  {unavailable, "Provider unavailable", "The identity provider does not answer. The shopper tries again later or takes another path."},
	fault.ProviderRefused:      {conflict, "Provider refused", "The identity provider did not sign the shopper in. The shopper tries again or takes another path."},
	fault.ReturnURLNotAllowed:  {invalid, "Return address not allowed", "Use a return_url on one of the store's allowed origins."},
	fault.NotEligible:          {conflict, "Not eligible", "The proof does not show the group. The shopper tries another proof."},
	fault.DecisionRefused:      {conflict, "Decision refused", "Answer a verification that waits, to the decision_url of its request, with its request_id, signed with the instance's secret, within five minutes of signing."},
	fault.AlreadyVerified:      {conflict, "Already verified", "This person is verified for another customer of the store."},
	fault.DocumentRefused:      {invalid, "Document refused", "The file cannot be read as a JPEG, PNG, WebP or PDF document. The shopper reads why in detail and sends another one."},
	fault.DocumentLimit:        {conflict, "Too many documents", "Remove a document first, or hand in those that are there."},
	fault.ReviewClaimed:        {conflict, "Review claimed", "Another reviewer has it in hand. Take the next one, or wait until the time named by the review."},
	fault.ReviewDecided:        {conflict, "Review decided", "Somebody decided it already. Read the verification."},
	fault.ReviewOwn:            {forbidden, "Not yours to decide", "Another person decides: it is your own proof, or you voted on it already."},
	fault.AttestationEnded:     {conflict, "Attestation ended", "The shopper verifies again."},
	fault.MoveRefused:          {conflict, "Move refused", "The shopper uses the account that has the proof, or asks for a review (POST /v1/verifications/{id}/appeal). Support can move it in the console."},
	fault.AppealMade:           {conflict, "Appeal made", "A refusal is reviewed once. Read the verification: its appeal says how it was decided."},
	fault.MailUnavailable:      {unavailable, "Mail unavailable", "The operator configures a mail server."},
	fault.MailUndeliverable:    {invalid, "Mail undeliverable", "The shopper corrects the address, or uses another one. Where the address is right, support lifts the suppression in the console."},
	fault.TestStoreOnly:        {forbidden, "Test stores only", "Use a key of a test store."},
	fault.SignInFailed:         {http.StatusUnauthorized, "Sign-in failed", "Check address and password."},
	fault.SignInThrottled:      {tooMany, "Too many sign-ins", "Wait as Retry-After says."},
	fault.NameTaken:            {conflict, "Name taken", "Something else has this name. Choose another."},
	fault.LastOwner:            {conflict, "Last owner", "A store keeps at least one owner. Make somebody else owner first."},
	fault.WebhookTargetRefused: {invalid, "Webhook target refused", "The address is private or cannot be reached over https. Use a public https address, or ask the operator to allow it."},

	fault.IntegrationUnsupported: {invalid, "Not possible on the platform", "The storefront's platform has no discount that does what the offer does. Evaluate and redeem the offer by the API instead, or change it."},
	fault.IntegrationRefused:     {conflict, "Refused by the platform", "The storefront's platform did not take the request. Look at the connection's access token and its scopes."},
}

// Of returns what the contract says about a code. An unknown code is an internal error: the table is complete, a test
// holds it so.
func Of(code fault.Code) Entry {
	if e, ok := table[code]; ok {
		return e
	}
	return table[fault.Internal]
}

// Known reports whether a code is one of the contract.
func Known(code fault.Code) bool {
	_, ok := table[code]
	return ok
}

// Codes returns all codes, sorted.
func Codes() []fault.Code {
	out := make([]fault.Code, 0, len(table))
	for c := range table {
		out = append(out, c)
	}
	slices.Sort(out)
	return out
}

// Lasting reports whether a refusal is an answer that is kept for its idempotency key: what the rules of the domain
// say (409 and 422). Everything else may be otherwise a moment later.
func Lasting(code fault.Code) bool {
	if code == fault.IdempotencyKeyReused || code == fault.IdempotencyKeyInFlight {
		return false
	}
	s := Of(code).Status
	return s == conflict || s == invalid
}
