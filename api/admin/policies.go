package admin

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/laurel-gateway/laurel/api"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/internal/once"
	"github.com/laurel-gateway/laurel/verify"
)

// AdminPolicyFields is what of a policy an admin sets.
type AdminPolicyFields struct {
	Group              string     `json:"group" minLength:"1" maxLength:"64" doc:"The group that it is for." example:"student"`
	Subgroup           string     `json:"subgroup,omitempty" maxLength:"64" doc:"A part of the group; empty for the whole." example:"university"`
	Paths              [][]string `json:"paths" maxItems:"520" doc:"Ways to proof, strongest first; of each way everything must hold. A requirement is a verifier, or verifier:instance." example:"[[\"oidc:demo-university\"],[\"email\"]]"`
	ValidityDays       int        `json:"validity_days,omitempty" minimum:"0" maximum:"3660" doc:"How many days an attestation holds." example:"365"`
	ValidUntil         string     `json:"valid_until,omitempty" maxLength:"10" doc:"A date (2027-09-30), or a day of the year (09-30), to the end of which it holds; whichever comes first." example:"09-30"`
	AcceptSelfDeclared bool       `json:"accept_self_declared,omitempty" doc:"Says that somebody's own word is enough." example:"false"`

	Limits []AdminPolicyLimit `json:"limits,omitempty" maxItems:"10" doc:"How many new attestations there may be in sliding windows. Without one for persons, somebody whose attestation ended begins anew with another customer after 30 days."`
}

// AdminPolicyLimit bounds new attestations in a sliding window.
type AdminPolicyLimit struct {
	Per  string `json:"per" enum:"person,customer,organisation" doc:"By whom it counts: a human, an account, or an institution." example:"customer"`
	Max  int    `json:"max" minimum:"1" maximum:"10000" doc:"How many." example:"2"`
	Days int    `json:"days" minimum:"1" maximum:"3660" doc:"In how many days." example:"365"`
}

func (f AdminPolicyFields) policy() verify.Policy {
	p := verify.Policy{Group: f.Group, Subgroup: f.Subgroup, Validity: verify.Validity{Days: f.ValidityDays, Until: f.ValidUntil},
		AcceptSelfDeclared: f.AcceptSelfDeclared}
	for _, l := range f.Limits {
		p.Limits = append(p.Limits, verify.SuccessLimit{Per: verify.Per(l.Per), Max: l.Max, Days: l.Days})
	}
	for _, path := range f.Paths {
		way := verify.Path{}
		for _, r := range path {
			way = append(way, verify.Requirement(r))
		}
		p.Paths = append(p.Paths, way)
	}
	return p
}

type adminPolicy struct {
	ID        string    `json:"id" doc:"The policy's id." example:"pol_01920000-0000-7000-8000-000000000001"`
	Version   int       `json:"version" doc:"Counts the changes: send it with the next one." example:"2"`
	CreatedAt time.Time `json:"created_at" doc:"Birth of the policy."`
	UpdatedAt time.Time `json:"updated_at" doc:"Last change."`
	AdminPolicyFields
}

func policyOf(p verify.Policy) adminPolicy {
	out := adminPolicy{ID: p.ID, Version: p.Version, CreatedAt: p.CreatedAt, UpdatedAt: p.UpdatedAt, AdminPolicyFields: AdminPolicyFields{
		Group: p.Group, Subgroup: p.Subgroup, Paths: pathsOf(p.Paths), ValidityDays: p.Validity.Days, ValidUntil: p.Validity.Until,
		AcceptSelfDeclared: p.AcceptSelfDeclared}}
	for _, l := range p.Limits {
		out.Limits = append(out.Limits, AdminPolicyLimit{string(l.Per), l.Max, l.Days})
	}
	return out
}

func pathsOf(paths []verify.Path) [][]string {
	out := [][]string{}
	for _, path := range paths {
		way := []string{}
		for _, r := range path {
			way = append(way, string(r))
		}
		out = append(out, way)
	}
	return out
}

type policyInput struct {
	StorePath
	Body AdminPolicyFields
}

type policyChange struct {
	ItemPath
	Body struct {
		Version int `json:"version" minimum:"1" doc:"The version that the change was made from." example:"2"`
		AdminPolicyFields
	}
}

type adminPolicyCheck struct {
	Sound bool `json:"sound" doc:"True: the policy can be saved." example:"true"`
}

func (o *admin) registerPolicies() {
	const path = "/v1/admin/stores/{store_id}/policies"
	add(o, api.Operation{
		ID: "admin-list-policies", Method: http.MethodGet, Path: path, Summary: "List policies",
		Description: "How each group is proven, by group.",
	}, func(ctx context.Context, in *ListPath) (*api.Reply[listed[adminPolicy]], error) {
		policies, err := o.Verify.Policies(ctx, ref(ctx))
		if err != nil {
			return nil, err
		}
		return replied(sliced(in.Paging, policies, policyOf, func(p verify.Policy) string { return p.ID }))
	})
	add(o, api.Operation{
		ID: "admin-create-policy", Method: http.MethodPost, Path: path, Status: http.StatusCreated, Mutation: true, Summary: "Create a policy",
		Description: "Says how a group is proven. A group or subgroup has one policy.",
		Refusals:    []fault.Code{fault.PolicyUnsound, fault.NameTaken},
	}, func(ctx context.Context, in *policyInput) (*api.Reply[adminPolicy], error) {
		return o.savePolicy(ctx, in.Body.policy(), http.StatusCreated)
	})
	add(o, api.Operation{
		ID: "admin-check-policy", Method: http.MethodPost, Path: path + "/check", Summary: "Check a policy",
		Description: "Says whether a policy could be saved, and points at every problem. Nothing is written.",
		Refusals:    []fault.Code{fault.PolicyUnsound},
	}, func(ctx context.Context, in *policyInput) (*api.Reply[adminPolicyCheck], error) {
		if err := o.checkPolicy(ctx, in.Body.policy()); err != nil {
			return nil, err
		}
		return api.OK(adminPolicyCheck{Sound: true})
	})
	add(o, api.Operation{
		ID: "admin-get-policy", Method: http.MethodGet, Path: path + "/{id}", Summary: "Read a policy", Description: "The policy in its current version.",
	}, func(ctx context.Context, in *ItemPath) (*api.Reply[adminPolicy], error) {
		p, err := o.Verify.Policy(ctx, ref(ctx), in.ID)
		if err != nil {
			return nil, err
		}
		return api.OK(policyOf(p))
	})
	add(o, api.Operation{
		ID: "admin-update-policy", Method: http.MethodPut, Path: path + "/{id}", Mutation: true, Summary: "Change a policy",
		Description: "Writes the next version. Verifications keep the version that they began with.",
		Refusals:    []fault.Code{fault.PolicyUnsound, fault.NameTaken, fault.VersionConflict},
	}, func(ctx context.Context, in *policyChange) (*api.Reply[adminPolicy], error) {
		p := in.Body.policy()
		p.ID, p.Version = in.ID, in.Body.Version
		return o.savePolicy(ctx, p, http.StatusOK)
	})
	add(o, api.Operation{
		ID: "admin-delete-policy", Method: http.MethodDelete, Path: path + "/{id}", Status: http.StatusNoContent, Mutation: true,
		Summary: "Delete a policy", Description: "Ends a policy: no verification begins by it any more. Attestations stay.",
	}, func(ctx context.Context, in *ItemPath) (*api.Reply[api.Nothing], error) {
		return api.Mutate(ctx, finish(func(ctx context.Context) error { return o.Verify.DeletePolicy(ctx, ref(ctx), by(ctx), in.ID) }), done)
	})
}

func (o *admin) savePolicy(ctx context.Context, p verify.Policy, status int) (*api.Reply[adminPolicy], error) {
	return api.Mutate(ctx, func(ctx context.Context) (verify.Policy, error) {
		return o.Verify.SavePolicy(ctx, ref(ctx), by(ctx), p)
	},
		func(p verify.Policy) (int, adminPolicy) { return status, policyOf(p) })
}

var errSound = errors.New("the policy is sound")

// dryRun rolls back what would have been written.
type dryRun struct{ verify.Storage }

// Write implements verify.Storage. It claims no idempotency key, and ends in errSound instead of a commit.
func (d dryRun) Write(ctx context.Context, store string, fn func(context.Context, verify.Tx) (any, error)) (any, error) {
	return d.Storage.Write(once.With(ctx, nil), store, func(ctx context.Context, tx verify.Tx) (any, error) {
		if _, err := fn(ctx, tx); err != nil {
			return nil, err
		}
		return nil, errSound
	})
}

// checkPolicy does all that saving does, but for saving. Whether the group has a policy already is not asked: an admin
// checks while changing that one, too.
func (o *admin) checkPolicy(ctx context.Context, p verify.Policy) error {
	options := o.Verify.Options
	options.Storage = dryRun{options.Storage}
	_, err := verify.NewService(options).SavePolicy(ctx, ref(ctx), by(ctx), p)
	if errors.Is(err, errSound) || fault.CodeOf(err) == fault.NameTaken {
		return nil
	}
	return err
}
