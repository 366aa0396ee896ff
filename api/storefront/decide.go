package storefront

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/laurel-gateway/laurel/api"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/internal/tenant"
	"github.com/laurel-gateway/laurel/verify"
)

const decisionPath = "/v1/stores/{store_id}/verifications/{id}/decision"

// DecisionPath is where a verifier of the store's own delivers its decision about a verification.
func DecisionPath(store, verification string) string {
	return "/v1/stores/" + url.PathEscape(store) + "/verifications/" + url.PathEscape(verification) + "/decision"
}

// decisionBody is a decision. It is read by the verifier that was asked; here it is described.
type decisionBody struct {
	Decision     string     `json:"decision" enum:"verified,rejected,review" doc:"What is decided; review hands it to the store's reviewers." example:"verified"`
	RequestID    string     `json:"request_id,omitempty" maxLength:"100" doc:"The request_id of the question. A secret key may leave it out." example:"msg_k3JtVq0c2m9S0x1Zb6bQx3rX4nq7pTn2"`
	Verification string     `json:"verification_id,omitempty" maxLength:"60" doc:"The verification_id of the question. A secret key may leave it out." example:"ver_01920000-0000-7000-8000-000000000001"`
	Subgroup     string     `json:"subgroup,omitempty" maxLength:"64" doc:"The part of the group that is shown." example:"k12"`
	Organisation string     `json:"organisation,omitempty" maxLength:"200" doc:"The institution behind it, never a person." example:"District 9"`
	Identifiers  []string   `json:"identifiers,omitempty" maxItems:"5" doc:"What identifies the person; needed with verified and review. Kept as keyed hashes only." example:"[\"E-1001\"]"`
	ValidUntil   *time.Time `json:"valid_until,omitempty" doc:"Until when it holds; the policy may say less." example:"2030-09-30T00:00:00Z"`
	Reasons      []string   `json:"reasons,omitempty" maxItems:"5" doc:"With rejected: codes that the verifier's configuration has a text for." example:"[]"`
}

type deliverInput struct {
	StoreID   string `path:"store_id" maxLength:"60" doc:"The store." example:"sto_01920000-0000-7000-8000-000000000001"`
	ID        string `path:"id" maxLength:"60" doc:"The verification." example:"ver_01920000-0000-7000-8000-000000000001"`
	MessageID string `header:"Webhook-Id" maxLength:"200" doc:"Names the delivery; the same when it is repeated." example:"dec_1"`
	Timestamp string `header:"Webhook-Timestamp" maxLength:"20" doc:"When it was signed, in seconds." example:"1768473000"`
	Signature string `header:"Webhook-Signature" maxLength:"1000" doc:"v1, and the HMAC-SHA256 of id, timestamp and body under the instance's secret, in base64 (Standard Webhooks)." example:"v1,XWmrwMey6OsLMeiZKwP4FppHH3cmAiiJJAweH5Jo4bM="`
	RawBody   []byte
	Body      decisionBody
}

type deliveredView struct {
	ID    string       `json:"id" doc:"The verification's id." example:"ver_01920000-0000-7000-8000-000000000001"`
	State verify.State `json:"state" enum:"started,collecting,challenged,uploading,pending_review,verified,rejected,failed,expired,cancelled" doc:"Where it stands now." example:"verified"`
}

// maxDecision bounds a delivered decision, in bytes.
const maxDecision = 64 << 10

func deliverDecision(a *api.API, d Deps) {
	api.Register(a, api.Operation{
		ID: "deliver-decision", Method: http.MethodPost, Path: decisionPath, Tag: "Verifications", MaxBody: maxDecision,
		Summary: "Deliver the decision of a remote verifier",
		Description: "For a remote verifier that answered `pending`: its request named this address in `decision_url`. The delivery is signed with the " +
			"instance's secret (Standard Webhooks), within five minutes. The same delivery again gives the same answer. `decision_refused` is the one " +
			"answer to a wrong signature, an unknown verification, and one that does not wait.",
		Allow: api.Allow(api.Anyone), Refusals: []fault.Code{fault.DecisionRefused},
	}, func(ctx context.Context, in *deliverInput) (*api.Reply[deliveredView], error) {
		store, err := d.Stores.Store(ctx, in.StoreID)
		if fault.From(err) != nil {
			return nil, verify.ErrDecision.Wrap(err)
		}
		if err != nil {
			return nil, err
		}
		r, err := d.Verifications.Decide(ctx, verify.StoreRef{ID: store.ID, Test: store.Mode == tenant.Test}, in.ID, verify.Delivery{
			ID: in.MessageID, Timestamp: in.Timestamp, Signature: in.Signature, Body: in.RawBody,
		})
		if err != nil {
			return nil, err
		}
		return api.OK(deliveredView{ID: r.Verification.ID, State: r.Verification.Shown()})
	})
}

type decideInput struct {
	VerificationPath
	RawBody []byte
	Body    decisionBody
}

func decideVerification(a *api.API, d Deps) {
	api.Register(a, api.Operation{
		ID: "decide-verification", Method: http.MethodPost, Path: "/v1/verifications/{id}/decision", Tag: "Verifications", MaxBody: maxDecision,
		Summary:     "Decide in place of a remote verifier",
		Description: "Gives a verification that waits for a remote verifier its decision, by a server of the store.",
		Allow:       api.Allow(api.Secret), Scope: "verifications:write", Mutation: true,
		Refusals: []fault.Code{fault.NotFound, fault.InvalidStep, fault.VerificationExpired, fault.DecisionRefused, fault.Conflict},
	}, func(ctx context.Context, in *decideInput) (*api.Reply[verificationView], error) {
		return d.step(ctx, in.ID, func(ctx context.Context, c api.Caller) (*verify.Result, error) {
			return d.Verifications.Decide(ctx, c.StoreRef(), in.ID, verify.Delivery{Body: in.RawBody, Trusted: true})
		})
	})
}
