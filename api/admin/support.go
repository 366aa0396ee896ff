package admin

import (
	"context"
	"net/http"
	"time"

	"github.com/laurel-gateway/laurel/api"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/verify"
)

// SupportReason says why support does something. It is exported because huma reads exported parts only.
type SupportReason struct {
	Reason string `json:"reason" minLength:"1" maxLength:"64" pattern:"^[a-z][a-z0-9_]*$" doc:"Why: a code, no personal data. It goes into the audit log." example:"phone_call"`
}

type supported struct {
	VerificationID string            `json:"verification_id" doc:"The verification." example:"ver_01920000-0000-7000-8000-000000000001"`
	State          string            `json:"state" doc:"Where it stands." example:"verified"`
	Attestation    *adminAttestation `json:"attestation,omitempty" doc:"The result; missing without one."`
}

func supportedOf(r *verify.Result, now time.Time) supported {
	out := supported{VerificationID: r.Verification.ID, State: string(r.Verification.Shown())}
	if r.Attestation != nil {
		shown := attestationOf(*r.Attestation, now)
		out.Attestation = &shown
	}
	return out
}

type adminReset struct {
	Windows int `json:"windows" doc:"How many sliding windows were emptied." example:"2"`
}

func (o *admin) registerSupport() {
	const verifications = "/v1/admin/stores/{store_id}/verifications"
	add(o, api.Operation{
		ID: "admin-verify-by-hand", Method: http.MethodPost, Path: verifications, Status: http.StatusCreated, Mutation: true,
		Summary: "Verify a customer by hand",
		Description: "On the word of whoever asks, who names what they saw and why. The group needs a policy, which bounds how long it holds. Nobody verifies " +
			"themselves, or a customer whose attestation has a fraud label.",
		Refusals: []fault.Code{fault.GroupUnknown, fault.PolicyMissing, fault.ReviewOwn, fault.AlreadyVerified},
	}, o.verifyByHand)
	add(o, api.Operation{
		ID: "admin-resend-code", Method: http.MethodPost, Path: verifications + "/{id}/resend", Mutation: true, Summary: "Send a code again",
		Description: "To the mailbox that the last one went to, within the shopper's own limits. Neither is shown.",
		Refusals:    []fault.Code{fault.InvalidStep, fault.EmailLimit, fault.MailUndeliverable},
	}, o.resendCode)
	add(o, api.Operation{
		ID: "admin-reset-limits", Method: http.MethodPost, Path: verifications + "/{id}/limits/reset", Mutation: true, Summary: "Reset a person's limits",
		Description: "Empties the sliding windows of the person of a verification: codes, successes and moves. A verification that failed stays failed.",
	}, func(ctx context.Context, in *struct {
		ItemPath
		Body SupportReason
	}) (*api.Reply[adminReset], error) {
		return api.Mutate(ctx, func(ctx context.Context) (int, error) {
			return o.Verify.ResetLimits(ctx, ref(ctx), by(ctx), in.ID, in.Body.Reason)
		}, func(n int) (int, adminReset) { return http.StatusOK, adminReset{n} })
	})
	add(o, api.Operation{
		ID: "admin-move-attestation", Method: http.MethodPost, Path: "/v1/admin/stores/{store_id}/attestations/{id}/move", Mutation: true,
		Summary: "Move an attestation", Description: "To another customer. Support may go past the limit of moves; the move counts all the same. What the person used stays used.",
		Refusals: []fault.Code{fault.AttestationEnded, fault.MoveRefused},
	}, o.moveAttestation)
}

func (o *admin) verifyByHand(ctx context.Context, in *struct {
	StorePath
	Body struct {
		SupportReason
		Group      string     `json:"group" minLength:"1" maxLength:"64" doc:"The group." example:"student"`
		Subgroup   string     `json:"subgroup,omitempty" maxLength:"64" doc:"A part of the group; empty for the whole." example:"university"`
		Customer   string     `json:"customer" minLength:"1" maxLength:"255" doc:"The store's own reference to the customer." example:"c-1"`
		Class      string     `json:"class" enum:"authority,document,assertion" doc:"What you saw: an authoritative record, a document, or an identity provider's word." example:"document"`
		ValidUntil *time.Time `json:"valid_until,omitempty" doc:"When it ends, if before the policy ends it." example:"2039-01-15T10:30:00Z"`
	}
}) (*api.Reply[supported], error) {
	b, now := in.Body, api.CallerFrom(ctx).Store.Now(o.Now())
	asked := verify.Override{Group: b.Group, Subgroup: b.Subgroup, Customer: b.Customer, Class: verify.Class(b.Class), Reason: b.Reason}
	if b.ValidUntil != nil {
		asked.ValidUntil = b.ValidUntil.UTC().Truncate(time.Microsecond)
	}
	return api.Mutate(ctx, func(ctx context.Context) (*verify.Result, error) {
		return o.Verify.VerifyByHand(ctx, ref(ctx), reviewer(ctx), asked)
	}, func(r *verify.Result) (int, supported) { return http.StatusCreated, supportedOf(r, now) })
}

func (o *admin) resendCode(ctx context.Context, in *struct {
	ItemPath
	Body SupportReason
}) (*api.Reply[supported], error) {
	now := api.CallerFrom(ctx).Store.Now(o.Now())
	return api.Mutate(ctx, func(ctx context.Context) (*verify.Result, error) {
		return o.Verify.Resend(ctx, ref(ctx), by(ctx), in.ID, in.Body.Reason)
	}, func(r *verify.Result) (int, supported) { return http.StatusOK, supportedOf(r, now) })
}

func (o *admin) moveAttestation(ctx context.Context, in *struct {
	ItemPath
	Body struct {
		SupportReason
		Customer  string `json:"customer" minLength:"1" maxLength:"255" doc:"The customer who is to have it." example:"c-2"`
		PastLimit bool   `json:"past_limit,omitempty" doc:"The limit of moves gives way." example:"false"`
	}
}) (*api.Reply[adminAttestation], error) {
	now := api.CallerFrom(ctx).Store.Now(o.Now())
	return api.Mutate(ctx, func(ctx context.Context) (verify.Attestation, error) {
		return o.Verify.Move(ctx, ref(ctx), by(ctx), in.ID, verify.Moving{Customer: in.Body.Customer, Reason: in.Body.Reason, PastLimit: in.Body.PastLimit})
	}, func(a verify.Attestation) (int, adminAttestation) { return http.StatusOK, attestationOf(a, now) })
}
