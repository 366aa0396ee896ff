package api

import (
	"reflect"

	"github.com/danielgtaylor/huma/v2"
)

// EventDoc describes one event of the catalogue: what a webhook endpoint of a store receives. Data has no personal data.
type EventDoc struct {
	// Type is the event's name: "verification.verified".
	Type string
	// Summary says when it is sent.
	Summary string
	// Data is an example of the event's data.
	Data map[string]any
}

// Event is the body of a webhook.
type Event struct {
	Type      string         `json:"type" doc:"What happened." example:"redemption.created"`
	Timestamp string         `json:"timestamp" format:"date-time" doc:"When it happened, RFC 3339 in UTC." example:"2026-01-15T10:30:00Z"`
	Livemode  bool           `json:"livemode" doc:"True for a live store, false for a test store." example:"false"`
	Data      map[string]any `json:"data" doc:"What it is about: ids and amounts, no personal data."`
}

// Events is the catalogue, in the order in which it is shown.
func Events() []EventDoc {
	const (
		ver = "ver_01920000-0000-7000-8000-000000000001"
		off = "off_01920000-0000-7000-8000-000000000002"
		tok = "tok_01920000-0000-7000-8000-000000000003"
		att = "att_01920000-0000-7000-8000-000000000004"
		rdm = "rdm_01920000-0000-7000-8000-000000000005"
		rfd = "rfd_01920000-0000-7000-8000-000000000006"
	)
	return []EventDoc{
		{"verification.verified", "A shopper proved to be in a group.", map[string]any{"verification_id": ver, "attestation_id": att, "group": "student", "customer": "c-1"}},
		{"verification.rejected", "A proof said no; the shopper may try again.", map[string]any{"verification_id": ver, "group": "student", "reasons": []any{"name_mismatch"}}},
		{"verification.expired", "A verification was not answered in time.", map[string]any{"verification_id": ver, "group": "student"}},
		{"verification.review_opened", "A person has to decide about a proof; it waits in the console's review queue.", map[string]any{"verification_id": ver, "review_id": "rev_01920000-0000-7000-8000-000000000008", "group": "student"}},
		{"attestation.expiring", "An attestation ends in 30 days; one that holds for 30 days or less, when a quarter of that is left. Once, and again when it was renewed. Offer the shopper to verify again.", map[string]any{"attestation_id": att, "group": "student", "subgroup": "university", "customer": "c-1", "valid_until": "2026-02-14T10:30:00Z"}},
		{"attestation.ended", "An attestation ended before its time.", map[string]any{"attestation_id": att, "group": "student", "customer": "c-1", "reason": "fraud_confirmed"}},
		{"attestation.moved", "An attestation went to another customer; the one that it was ended.", map[string]any{"attestation_id": "att_01920000-0000-7000-8000-000000000008", "from_attestation_id": att, "group": "student", "subgroup": "university"}},
		{"fraud.suspected", "An attestation was labelled as suspected fraud: the person's next verifications are decided by a human.", map[string]any{"attestation_id": att, "group": "student", "subgroup": "university", "reason": "shared_account"}},
		{"fraud.confirmed", "An attestation was labelled as fraud: what the person held has ended.", map[string]any{"attestation_id": att, "group": "student", "subgroup": "university", "reason": "chargeback"}},
		{"fraud.lifted", "A fraud label was lifted: the person may verify again.", map[string]any{"attestation_id": att, "group": "student", "subgroup": "university", "reason": "mistake"}},
		{"reservation.released", "A reservation ended early because what it rests on was fraud. Its tokens are revoked.", map[string]any{"reservation_id": "rsv_01920000-0000-7000-8000-000000000009", "order_ref": "attempt-1", "reason": "fraud_confirmed"}},
		{"offer_token.issued", "An offer token was issued.", map[string]any{"jti": tok, "offer_id": off, "offer_version": 1, "group": "student", "expires_at": "2026-01-15T10:40:00Z", "customer": "c-1"}},
		{"offer_token.revoked", "An offer token was revoked, because what it rests on has ended.", map[string]any{"jti": tok, "offer_id": off, "attestation_id": att, "reason": "admin"}},
		{"codes.guessing", "Many offer codes of the store were wrong: somebody may be guessing. At most one in a window.", map[string]any{"window_seconds": 600, "count": 100, "first_at": "2026-01-15T10:20:04Z", "last_at": "2026-01-15T10:29:58Z"}},
		{"code_pool.low", "An offer's pool of platform codes runs low. Once, until the next import.", map[string]any{"offer_id": off, "free": 99, "threshold": 100}},
		{"redemption.created", "An order was redeemed.", map[string]any{"redemption_id": rdm, "order_id": "o-1", "customer": "c-1", "discount": 1000, "total": 4000, "points": 40, "currency": "USD"}},
		{"redemption.refunded", "An order, or a part of one, was given back.", map[string]any{"redemption_id": rdm, "refund_id": rfd, "order_id": "o-1", "refund_ref": "r-1", "state": "refunded", "discount_reversed": 1000, "points_reversed": 40}},
		{"redemption.points_forfeited", "The points of a redemption were taken back because it was fraud.", map[string]any{"redemption_id": rdm, "order_id": "o-1", "customer": "c-1", "points_reversed": 40}},
		{"order.refunded", "An order without an offer, or a part of one, was given back.", map[string]any{"refund_id": rfd, "order_id": "o-9", "refund_ref": "r-2", "state": "refunded", "discount_reversed": 0, "points_reversed": 40}},
		{"integration.mismatch", "A storefront's platform told of an order or refund that does not agree with what is known here. A paid order is never refused: this tells of it.", map[string]any{"source": "shopify", "order_id": "820982911946154508", "reason": "limit_reached", "offer_token_ids": []string{tok}, "currency": "USD", "platform_discount": 1100}},
		{"consent.changed", "A customer agreed to marketing, or took it back.", map[string]any{"customer": "c-1", "marketing": false, "version": "1", "locale": "en", "source": "shopper"}},
		{"privacy.erased", "A shopper was forgotten. It names nobody: the request does, before it is done.", map[string]any{"request_id": "prq_01920000-0000-7000-8000-000000000009", "asked_by": "shopper"}},
		{"member.points_changed", "A member's points changed.", map[string]any{"customer": "c-1", "available": 40, "pending": 0, "debt": 0}},
		{"member.tier_changed", "A member moved to another tier.", map[string]any{"customer": "c-1", "from": "bronze", "to": "silver"}},
		{"webhook_endpoint.disabled", "The gateway disabled a webhook endpoint of the store: it answered 410, or every try failed for 5 days.", map[string]any{"webhook_id": "whk_01920000-0000-7000-8000-000000000007", "reason": "failing", "failing_since": "2026-01-10T10:30:00Z", "disabled_at": "2026-01-15T10:30:00Z"}},
	}
}

// addEvents writes the catalogue as the contract's webhooks (OpenAPI 3.1).
func (a *API) addEvents(spec *huma.OpenAPI) {
	schema := spec.Components.Schemas.Schema(reflect.TypeFor[Event](), true, "")
	spec.Webhooks = map[string]*huma.PathItem{}
	for _, e := range Events() {
		example := map[string]any{
			"type": e.Type, "timestamp": "2026-01-15T10:30:00Z", "livemode": false, "data": e.Data,
		}
		spec.Webhooks[e.Type] = &huma.PathItem{Post: &huma.Operation{
			OperationID: "event-" + e.Type, Summary: e.Summary, Tags: []string{"Events"},
			Description: "Signed as Standard Webhooks say: check `webhook-signature` with the endpoint's secret before you believe it. The header `webhook-id` is the same when the event is sent again. Answer 2xx within 10 seconds; anything else is tried again.",
			RequestBody: &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
				contentTypeJSON: {Schema: schema, Example: example},
			}},
			Responses: map[string]*huma.Response{"2XX": {Description: "Taken."}},
		}}
	}
}
