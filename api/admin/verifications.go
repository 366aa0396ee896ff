package admin

import (
	"context"
	"maps"
	"net/http"
	"time"

	"github.com/laurel-gateway/laurel/api"
	"github.com/laurel-gateway/laurel/internal/console"
	"github.com/laurel-gateway/laurel/verify"
)

type adminVerification struct {
	ID        string     `json:"id" doc:"The verification's id." example:"ver_01920000-0000-7000-8000-000000000001"`
	State     string     `json:"state" doc:"Where it stands." example:"verified"`
	Group     string     `json:"group" doc:"What is to be proven." example:"student"`
	Subgroup  string     `json:"subgroup" doc:"A part of the group; may be empty." example:"university"`
	OfferID   string     `json:"offer_id" doc:"The offer that it was begun for; may be empty."`
	Customer  string     `json:"customer" doc:"The store's reference; empty for a guest." example:"c-1"`
	CreatedAt time.Time  `json:"created_at" doc:"When it began."`
	UpdatedAt time.Time  `json:"updated_at" doc:"Last change."`
	ExpiresAt time.Time  `json:"expires_at" doc:"When it can no longer be answered."`
	DecidedAt *time.Time `json:"decided_at" doc:"When it was decided; null before."`
}

func verificationSummary(v console.VerificationSummary) adminVerification {
	return adminVerification{ID: v.ID, State: string(v.State), Group: v.Group, Subgroup: v.Subgroup, OfferID: v.OfferID, Customer: v.Customer,
		CreatedAt: v.CreatedAt, UpdatedAt: v.UpdatedAt, ExpiresAt: v.ExpiresAt, DecidedAt: maybe(v.DecidedAt)}
}

type adminEvidence struct {
	ID           string            `json:"id" doc:"Its id."`
	Requirement  string            `json:"requirement" doc:"The requirement that it meets." example:"email"`
	Classes      []string          `json:"classes" doc:"What kind of proof it is." example:"[\"possession\"]"`
	Organisation string            `json:"organisation" doc:"The institution behind it, never a person; may be empty." example:"mit.edu"`
	Facts        map[string]string `json:"facts" doc:"Further findings without personal data."`
	CreatedAt    time.Time         `json:"created_at" doc:"When it was given."`
}

type adminAttestation struct {
	ID         string     `json:"id" doc:"Its id." example:"att_01920000-0000-7000-8000-000000000001"`
	Group      string     `json:"group" doc:"What was proven." example:"student"`
	Subgroup   string     `json:"subgroup" doc:"The part of the group; may be empty." example:"university"`
	Customer   string     `json:"customer" doc:"The store's reference; empty for a guest." example:"c-1"`
	State      string     `json:"state" enum:"active,expired,ended" doc:"Whether it holds." example:"active"`
	ValidUntil time.Time  `json:"valid_until" doc:"Until when it holds."`
	EndedAt    *time.Time `json:"ended_at" doc:"When it was ended early; null otherwise."`
	EndReason  string     `json:"end_reason" doc:"Why it was ended." example:"admin"`
}

func attestationOf(a verify.Attestation, now time.Time) adminAttestation {
	state := "active"
	switch {
	case !a.EndedAt.IsZero():
		state = "ended"
	case !a.Active(now):
		state = "expired"
	}
	return adminAttestation{ID: a.ID, Group: a.Group, Subgroup: a.Subgroup, Customer: a.Customer, State: state, ValidUntil: a.ValidUntil,
		EndedAt: maybe(a.EndedAt), EndReason: a.EndReason}
}

type adminGivenUp struct {
	Step        string    `json:"step" doc:"The step." example:"sso"`
	Requirement string    `json:"requirement" doc:"Its requirement." example:"oidc:demo-university"`
	At          time.Time `json:"at" doc:"When."`
}

type adminNote struct {
	At          time.Time `json:"at" doc:"When."`
	Requirement string    `json:"requirement" doc:"The requirement that it is about; may be empty." example:"email"`
	Outcome     string    `json:"outcome" doc:"What happened." example:"refused"`
	Why         []string  `json:"why" doc:"Why, in codes." example:"[\"domain_abused\"]"`
}

type adminAppeal struct {
	At        time.Time     `json:"at" doc:"When it was made."`
	Of        []adminReason `json:"of" doc:"The refusal that it objects to."`
	State     string        `json:"state" enum:"pending,approved,rejected,withdrawn" doc:"How it was decided, if it was." example:"pending"`
	DecidedAt *time.Time    `json:"decided_at" doc:"When it was decided; null before."`
}

func adminAppealOf(a *verify.Appeal) *adminAppeal {
	if a == nil {
		return nil
	}
	out := &adminAppeal{At: a.At, Of: []adminReason{}, State: string(a.Outcome), DecidedAt: maybe(a.DecidedAt)}
	if out.State == "" {
		out.State = "pending"
	}
	for _, r := range a.Of {
		out.Of = append(out.Of, adminReason(r))
	}
	return out
}

type adminReason struct {
	Code   string `json:"code" doc:"Reason code." example:"email_not_eligible"`
	Detail string `json:"detail" doc:"What the shopper read."`
}

type adminConsentGiven struct {
	Version   string    `json:"version" doc:"Version of the text that was accepted." example:"1"`
	Marketing bool      `json:"marketing" doc:"Whether marketing was agreed to." example:"false"`
	At        time.Time `json:"at" doc:"When."`
}

type adminVerificationDetail struct {
	ID            string            `json:"id" doc:"The verification's id." example:"ver_01920000-0000-7000-8000-000000000001"`
	State         string            `json:"state" doc:"Where it stands." example:"verified"`
	Step          string            `json:"step" doc:"What is to be answered next." example:"done"`
	Group         string            `json:"group" doc:"What is to be proven." example:"student"`
	Subgroup      string            `json:"subgroup" doc:"A part of the group; may be empty." example:"university"`
	OfferID       string            `json:"offer_id" doc:"The offer that it was begun for; may be empty."`
	Customer      string            `json:"customer" doc:"The store's reference; empty for a guest." example:"c-1"`
	Paths         [][]string        `json:"paths" doc:"The ways to proof that it began with."`
	Met           []string          `json:"met" doc:"Requirements that hold so far."`
	GivenUp       []adminGivenUp    `json:"given_up" doc:"Steps that the shopper gave up."`
	Errors        []adminReason     `json:"errors" doc:"Why it was refused."`
	Signals       map[string]int    `json:"signals" doc:"Counts of what makes a decision doubtful." example:"{\"shared_network\":3}"`
	Trail         []adminNote       `json:"trail" doc:"What happened, oldest first, in codes."`
	Appeal        *adminAppeal      `json:"appeal,omitempty" doc:"The shopper's objection to a refusal, if there is one."`
	Evidence      []adminEvidence   `json:"evidence" doc:"The proof, without personal data."`
	Attestation   *adminAttestation `json:"attestation,omitempty" doc:"The result; missing without one."`
	PolicyID      string            `json:"policy_id" doc:"The policy that it began by."`
	PolicyVersion int               `json:"policy_version" doc:"In this version." example:"1"`
	Locale        string            `json:"locale" doc:"Language of the shopper." example:"en"`
	Country       string            `json:"country" doc:"Country as the store named it; may be empty." example:"US"`
	Consent       adminConsentGiven `json:"consent" doc:"What the shopper agreed to."`
	CreatedAt     time.Time         `json:"created_at" doc:"When it began."`
	UpdatedAt     time.Time         `json:"updated_at" doc:"Last change."`
	ExpiresAt     time.Time         `json:"expires_at" doc:"When it can no longer be answered."`
}

func (o *admin) registerVerifications() {
	const path = "/v1/admin/stores/{store_id}/verifications"
	add(o, api.Operation{
		ID: "admin-list-verifications", Method: http.MethodGet, Path: path, Summary: "List verifications", Description: "Verifications, newest first.",
	}, o.listVerifications)
	add(o, api.Operation{
		ID: "admin-get-verification", Method: http.MethodGet, Path: path + "/{id}", Summary: "Read a verification",
		Description: "How it went: ways, evidence, refusals and result, without personal data.",
	}, o.getVerification)
	add(o, api.Operation{
		ID: "admin-end-attestation", Method: http.MethodPost, Path: "/v1/admin/stores/{store_id}/attestations/{id}/end", Mutation: true,
		Summary: "End an attestation", Description: "Ends it now. Ending twice keeps the first end.",
	}, o.endAttestation)
}

func (o *admin) listVerifications(ctx context.Context, in *struct {
	ListPath
	State string `query:"state" enum:"started,collecting,challenged,uploading,pending_review,verified,rejected,failed,expired,cancelled" doc:"Only in this state." example:"verified"`
	Group string `query:"group" maxLength:"64" doc:"Only for this group." example:"student"`
}) (*api.Reply[listed[adminVerification]], error) {
	if err := api.CheckCursor(in.Cursor, "ver"); err != nil {
		return nil, err
	}
	f := console.VerificationFilter{State: verify.State(in.State), Group: in.Group}
	rows, err := o.Lists.Verifications(ctx, storeID(ctx), f, in.Cursor, in.more())
	if err != nil {
		return nil, err
	}
	return api.OK(paged(in.Paging, rows, verificationSummary, func(v console.VerificationSummary) string { return v.ID }))
}

func (o *admin) getVerification(ctx context.Context, in *ItemPath) (*api.Reply[adminVerificationDetail], error) {
	result, err := o.Verify.Get(ctx, ref(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	var evidence []verify.Evidence
	err = o.Verify.Storage.Read(ctx, storeID(ctx), func(ctx context.Context, tx verify.Tx) (err error) {
		evidence, err = tx.Evidence(ctx, in.ID)
		return err
	})
	if err != nil {
		return nil, err
	}
	out := verificationDetail(result.Verification, evidence)
	if a := result.Attestation; a != nil {
		shown := attestationOf(*a, api.CallerFrom(ctx).Store.Now(o.Now()))
		out.Attestation = &shown
	}
	return api.OK(out)
}

func verificationDetail(v verify.Verification, evidence []verify.Evidence) adminVerificationDetail {
	out := adminVerificationDetail{ID: v.ID, State: string(v.Shown()), Step: string(v.NextStep()), Group: v.Group, Subgroup: v.Subgroup, OfferID: v.OfferID,
		Customer: v.Customer, Paths: pathsOf(v.Paths), Met: []string{}, GivenUp: []adminGivenUp{}, Errors: []adminReason{}, Evidence: []adminEvidence{},
		PolicyID: v.PolicyID, PolicyVersion: v.PolicyVersion, Locale: v.Locale, Country: v.Country,
		Consent:   adminConsentGiven{v.Consent.Version, v.Consent.Marketing, v.Consent.At},
		CreatedAt: v.CreatedAt, UpdatedAt: v.UpdatedAt, ExpiresAt: v.ExpiresAt}
	out.Signals, out.Trail, out.Appeal = map[string]int{}, []adminNote{}, adminAppealOf(v.Appeal)
	maps.Copy(out.Signals, v.Signals)
	for _, n := range v.Trail {
		out.Trail = append(out.Trail, adminNote{n.At, string(n.Requirement), n.Outcome, some(n.Why)})
	}
	for _, r := range v.Met {
		out.Met = append(out.Met, string(r))
	}
	for _, g := range v.GivenUp {
		out.GivenUp = append(out.GivenUp, adminGivenUp{string(g.Step), string(g.Requirement), g.At})
	}
	for _, e := range v.Errors {
		out.Errors = append(out.Errors, adminReason{e.Code, e.Detail})
	}
	for _, e := range evidence {
		classes := []string{}
		for _, c := range e.Classes {
			classes = append(classes, string(c))
		}
		out.Evidence = append(out.Evidence, adminEvidence{ID: e.ID, Requirement: string(e.Requirement), Classes: classes, Organisation: e.Organisation,
			Facts: texts(e.Facts), CreatedAt: e.CreatedAt})
	}
	return out
}

func (o *admin) endAttestation(ctx context.Context, in *struct {
	ItemPath
	Body struct {
		Reason string `json:"reason" minLength:"1" maxLength:"100" doc:"Why: a code, no personal data." example:"graduated"`
	}
}) (*api.Reply[adminAttestation], error) {
	now := api.CallerFrom(ctx).Store.Now(o.Now())
	return api.Mutate(ctx, func(ctx context.Context) (verify.Attestation, error) {
		return o.Verify.EndAttestation(ctx, ref(ctx), by(ctx), in.ID, in.Body.Reason)
	}, func(a verify.Attestation) (int, adminAttestation) { return http.StatusOK, attestationOf(a, now) })
}
