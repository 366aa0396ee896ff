package verify

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/internal/id"
)

// notEligible is what the shopper reads when evidence speaks of another group than the one asked for.
var notEligible = []Reason{{Code: string(fault.NotEligible), Detail: "The proof does not show that you belong to this group."}}

func (s *Service) concludeMet(ctx context.Context, tx Tx, v Verification, p proposal, e Evidence) (*Result, error) {
	if !agrees(v, e) {
		return s.concludeReject(ctx, tx, v, notEligible)
	}
	if d, ok := p.verifier.(Digested); ok {
		v.Digests = maps.Clone(v.Digests)
		if v.Digests == nil {
			v.Digests = map[string]string{}
		}
		maps.Copy(v.Digests, d.Digests())
	}
	if err := s.keep(ctx, tx, v, p, e); err != nil {
		return nil, err
	}
	return s.met(ctx, tx, v, p.requirement, grounds{tagger: p.tagger})
}

func agrees(v Verification, e Evidence) bool {
	return (e.Group == "" || e.Group == v.Group) &&
		(e.Subgroup == "" || v.Subgroup == "" || e.Subgroup == v.Subgroup)
}

// met records that a requirement holds, and gives the attestation when a whole path does.
func (s *Service) met(ctx context.Context, tx Tx, v Verification, r Requirement, g grounds) (*Result, error) {
	next, complete := v.meet(r, tx.Now())
	if !complete {
		return s.finish(ctx, tx, next)
	}
	g.before = &v
	return s.award(ctx, tx, next, r, g)
}

// renew extends the newest of a person's attestations and ends the others in its favour.
func (s *Service) renew(ctx context.Context, tx Tx, mine []Attestation, fresh Attestation) (Attestation, error) {
	slices.SortFunc(mine, func(a, b Attestation) int { return b.CreatedAt.Compare(a.CreatedAt) })
	kept := mine[0].renewedBy(fresh)
	for _, other := range mine[1:] {
		kept.Tags = union(kept.Tags, other.Tags)
		if err := s.end(ctx, tx, other, "merged"); err != nil {
			return kept, err
		}
	}
	if err := tx.UpdateAttestation(ctx, kept); err != nil {
		return kept, fmt.Errorf("renewing an attestation: %w", err)
	}
	return kept, tx.HoldTags(ctx, kept.Group, kept.Tags, kept.ID)
}

// renewedBy returns the attestation with what newer proof adds: a later end, its policy, its tags, its customer.
func (a Attestation) renewedBy(fresh Attestation) Attestation {
	if fresh.ValidUntil.After(a.ValidUntil) {
		a.ValidUntil = fresh.ValidUntil
	}
	if fresh.Subgroup != "" {
		a.Subgroup = fresh.Subgroup
	}
	if a.Customer == "" || fresh.Bound && !a.Bound {
		a.Customer, a.Bound = fresh.Customer, fresh.Bound
	}
	a.PolicyID, a.PolicyVersion, a.Classes = fresh.PolicyID, fresh.PolicyVersion, fresh.Classes
	a.Tags = union(a.Tags, fresh.Tags)
	return a
}

// drafted is an attestation that may be given.
type drafted struct {
	attestation Attestation
	decision    Decision
	policy      Policy
}

// draft gathers what the met requirements show, and what the receipt says of it.
func (s *Service) draft(ctx context.Context, tx Tx, v Verification) (drafted, error) {
	now := tx.Now()
	d := drafted{decision: Decision{Decided: DecidedVerified, Path: v.Met}}
	var err error
	if d.policy, err = tx.PolicyVersion(ctx, v.PolicyID, v.PolicyVersion); err != nil {
		return d, fmt.Errorf("reading the policy of a verification: %w", err)
	}
	evidence, err := tx.Evidence(ctx, v.ID)
	if err != nil {
		return d, err
	}
	a := Attestation{
		ID: id.New("att"), Store: v.Store, Verification: v.ID, Customer: v.Customer, Bound: v.Bound, Group: v.Group,
		Subgroup: d.policy.Subgroup, PolicyID: v.PolicyID, PolicyVersion: v.PolicyVersion, CreatedAt: now,
	}
	var bound time.Time
	for _, e := range latest(evidence, v.Met) {
		a.Tags = union(a.Tags, e.Tags)
		a.Classes = union(a.Classes, e.Classes)
		d.decision.Evidence = append(d.decision.Evidence, e.ID)
		if e.Subgroup != "" {
			a.Subgroup = e.Subgroup
		}
		if a.Organisation == "" {
			a.Organisation = e.Organisation
		}
		if !e.ValidUntil.IsZero() && (bound.IsZero() || e.ValidUntil.Before(bound)) {
			bound = e.ValidUntil
		}
	}
	if len(a.Tags) == 0 {
		return d, fmt.Errorf("the evidence of %s has no person tag", v.ID)
	}
	if a.ValidUntil, err = d.policy.Validity.End(now, bound); err != nil {
		return d, err
	}
	d.attestation = a
	d.decision.Subgroup, d.decision.Classes, d.decision.ValidUntil = a.Subgroup, a.Classes, a.ValidUntil.Unix()
	return d, nil
}

// latest returns the last evidence of each requirement that is met: an attempt that was rejected left older ones.
func latest(evidence []Evidence, met []Requirement) []Evidence {
	var out []Evidence
	for _, r := range met {
		for _, e := range slices.Backward(evidence) {
			if e.Requirement == r {
				out = append(out, e)
				break
			}
		}
	}
	return out
}

// union returns the values of both, sorted, each once.
func union[T ~string](a, b []T) []T {
	all := slices.Concat(a, b)
	slices.Sort(all)
	return slices.Compact(all)
}
