package storefront

import (
	"context"
	"net/http"
	"time"

	"github.com/laurel-gateway/laurel/api"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/verify"
)

// verificationView is a verification as its shopper and the store see it.
type verificationView struct {
	ID           string               `json:"id" doc:"The verification's id." example:"ver_01920000-0000-7000-8000-000000000001"`
	ClientSecret string               `json:"client_secret,omitempty" doc:"Reads and answers this verification, beside a publishable key. Only in the answer that creates it: keep it in the page's session storage." example:"k3JtVq0c2m9S0x1Zb6bQx3rX4nq7pTn2Yk8dWf5sLhU"`
	State        verify.State         `json:"state" enum:"started,collecting,challenged,uploading,pending_review,verified,rejected,failed,expired,cancelled" doc:"Where it stands. verified, failed, expired and cancelled are final; a rejected one may be tried again." example:"collecting"`
	Step         verify.Step          `json:"step" doc:"What to answer next: choose (any first step of an open path), email, email_code, sso, registry, document, remote, mock, pending (somebody else decides) or done." example:"email"`
	Paths        []verify.Path        `json:"paths" doc:"The paths to proof that are open, strongest first; each a list of evidence that must all hold." example:"[[\"email\"],[\"oidc:demo-university\"]]"`
	Next         []verify.Requirement `json:"next" doc:"What of the paths may be met next, strongest first; empty when nothing is asked." example:"[\"email\",\"oidc:demo-university\"]"`
	Group        string               `json:"group" doc:"The group to prove." example:"student"`
	Subgroup     *string              `json:"subgroup" doc:"The part of the group, if one was asked for." example:"university"`
	OfferID      *string              `json:"offer_id" doc:"The offer that it was started for, if any." example:"off_01920000-0000-7000-8000-000000000002"`
	Customer     *string              `json:"customer" doc:"The store's own reference to the customer, if any." example:"c-1"`
	Locale       string               `json:"locale" doc:"The language in which the shopper is spoken to." example:"en"`
	ExpiresAt    time.Time            `json:"expires_at" doc:"Until when it can be answered." example:"2026-01-22T10:30:00Z"`
	Errors       []verificationError  `json:"errors" doc:"Why the last proof was refused; empty when none was."`
	GivenUp      []verify.Step        `json:"given_up" doc:"The steps that were given up." example:"[]"`
	ResendAfter  *time.Time           `json:"resend_after,omitempty" doc:"When another code can be sent." example:"2026-01-15T10:31:00Z"`
	RedirectURL  string               `json:"redirect_url,omitempty" doc:"Where to send the browser, as a full page, to sign in." example:"https://laurel.example/sso/start?state=…"`
	Appeal       *appealView          `json:"appeal,omitempty" doc:"The shopper's objection to a refusal, if there is one."`
	Documents    []documentView       `json:"documents,omitempty" doc:"The documents that wait to be handed in, or were and wait for a decision. With a step document in the paths only."`
	Attestation  *attestationView     `json:"attestation,omitempty" doc:"The result, when it is verified."`
}

type verificationError struct {
	Code   string `json:"code" doc:"Stable name of the reason." example:"not_eligible"`
	Detail string `json:"detail" doc:"The reason in words for the shopper." example:"The proof does not show the group."`
}

type attestationView struct {
	ID         string    `json:"id" doc:"The attestation's id." example:"att_01920000-0000-7000-8000-000000000003"`
	Group      string    `json:"group" doc:"The group that was proven." example:"student"`
	Subgroup   *string   `json:"subgroup" doc:"The part of the group that was proven, if one was." example:"university"`
	ValidUntil time.Time `json:"valid_until" doc:"Until when it holds." example:"2027-01-15T10:30:00Z"`

	RenewableFrom time.Time `json:"renewable_from" doc:"From then on offer the shopper to verify again: a new verification for the group renews it." example:"2026-12-16T10:30:00Z"`
}

func viewOf(r *verify.Result) verificationView {
	v := r.Verification
	view := verificationView{
		ID: v.ID, ClientSecret: r.ClientSecret, State: v.Shown(), Step: v.NextStep(), Paths: v.OpenPaths(), Group: v.Group,
		Subgroup: optional(v.Subgroup), OfferID: optional(v.OfferID), Customer: optional(v.Customer), Locale: v.Locale,
		ExpiresAt: v.ExpiresAt.UTC(), Errors: []verificationError{}, GivenUp: []verify.Step{}, RedirectURL: r.RedirectURL,
	}
	view.Next = v.Answerable()
	if view.Next == nil {
		view.Next = []verify.Requirement{}
	}
	if view.Paths == nil {
		view.Paths = []verify.Path{}
	}
	for _, reason := range v.Errors {
		view.Errors = append(view.Errors, verificationError(reason))
	}
	for _, g := range v.GivenUp {
		view.GivenUp = append(view.GivenUp, g.Step)
	}
	if c := v.Challenge; c != nil && !c.ResendAfter.IsZero() {
		at := c.ResendAfter.UTC()
		view.ResendAfter = &at
	}
	view.Appeal = appealOf(v.Appeal)
	for _, doc := range r.Documents {
		view.Documents = append(view.Documents, documentOf(doc))
	}
	if a := r.Attestation; a != nil {
		shown := attestationOf(*a)
		view.Attestation = &shown
	}
	return view
}

func attestationOf(a verify.Attestation) attestationView {
	return attestationView{ID: a.ID, Group: a.Group, Subgroup: optional(a.Subgroup), ValidUntil: a.ValidUntil.UTC(), RenewableFrom: a.RenewableFrom().UTC()}
}

func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// errNoVerification is one answer for what is not there, what belongs to another store, and a wrong client secret.
var errNoVerification = fault.New(fault.NotFound, "There is no such verification, or the client secret is not its own.")

// callersOfOne are those who may read and answer one verification.
var callersOfOne = api.Allow(api.Client, api.Customer, api.Secret)

// readFor returns a verification that the caller may see. Faults: not_found.
func (d Deps) readFor(ctx context.Context, c api.Caller, id string) (*verify.Result, error) {
	r, err := d.Verifications.Get(ctx, c.StoreRef(), id)
	if fault.CodeOf(err) == fault.NotFound {
		return nil, errNoVerification
	}
	if err != nil {
		return nil, err
	}
	v := r.Verification
	allowed := false
	switch c.Kind {
	case api.Secret:
		allowed = true
	case api.Client:
		allowed = v.SecretMatches(c.ClientSecret)
	case api.Customer:
		// A browser may claim any customer: what counts is who confirmed it, or the secret of the verification.
		allowed = (v.Bound && v.Customer == c.Customer) || (c.ClientSecret != "" && v.SecretMatches(c.ClientSecret))
	}
	if !allowed {
		return nil, errNoVerification
	}
	return r, nil
}

// step runs a change of one verification that the caller may answer.
func (d Deps) step(ctx context.Context, id string, work func(ctx context.Context, c api.Caller) (*verify.Result, error)) (*api.Reply[verificationView], error) {
	c := api.CallerFrom(ctx)
	if _, err := d.readFor(ctx, c, id); err != nil {
		return nil, err
	}
	return api.Mutate(ctx,
		func(ctx context.Context) (*verify.Result, error) { return work(ctx, c) },
		func(r *verify.Result) (int, verificationView) { return http.StatusOK, viewOf(r) })
}

// answer answers a step with its fields.
func (d Deps) answer(ctx context.Context, id string, step verify.Step, fields map[string]string) (*api.Reply[verificationView], error) {
	return d.step(ctx, id, func(ctx context.Context, c api.Caller) (*verify.Result, error) {
		return d.Verifications.Answer(ctx, c.StoreRef(), id, verify.Answer{Step: step, Fields: fields})
	})
}

// stepFaults are the refusals of every step.
var stepFaults = []fault.Code{fault.NotFound, fault.InvalidStep, fault.VerificationExpired, fault.AlreadyVerified, fault.Conflict}

func stepRefusals(more ...fault.Code) []fault.Code {
	return append(append([]fault.Code{}, stepFaults...), more...)
}
