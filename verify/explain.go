package verify

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Rechecker is a verifier that can judge its own evidence once more, by the rules and data of today.
type Rechecker interface {
	// Recheck reports whether the evidence would be given today, and why, in a code.
	Recheck(e Evidence) (holds bool, why string)
}

// Signature says what is known of a receipt's signature.
type Signature string

// What can be known of a signature.
const (
	SignatureGood Signature = "good"
	SignatureBad  Signature = "bad"
	// SignatureUnknown: the key that it was made by is gone.
	SignatureUnknown Signature = "key_gone"
)

// Replayed says whether a decision, made again from what is stored of its inputs, comes out the same.
type Replayed string

// How a replay can end.
const (
	ReplayedSame  Replayed = "same"
	ReplayedOther Replayed = "other"
	// ReplayedGone: the inputs are not kept, or not any more.
	ReplayedGone Replayed = "inputs_gone"
)

// Explanation is a verification's decisions, replayed.
type Explanation struct {
	Verification Verification
	Decisions    []ExplainedDecision
	// Trail is what led to them, in codes.
	Trail []Note
}

// ExplainedDecision is one decision, its receipt checked and its inputs judged again.
type ExplainedDecision struct {
	Receipt   Receipt
	Decision  Decision
	Signature Signature
	Replayed  Replayed
	// Findings say, in sentences, what the replay found.
	Findings []string
	// Today tells, for each requirement whose verifier can, whether its evidence would be given by today's data.
	Today []Rechecked
}

// Rechecked is a piece of evidence, judged once more.
type Rechecked struct {
	Requirement Requirement
	Holds       bool
	Why         string
}

// Explain replays the decisions of a verification. Faults: not_found.
func (s *Service) Explain(ctx context.Context, store StoreRef, verification string) (*Explanation, error) {
	shop, err := s.shop(ctx, store)
	if err != nil {
		return nil, err
	}
	out := &Explanation{}
	err = s.Storage.Read(ctx, store.ID, func(ctx context.Context, tx Tx) error {
		v, err := tx.Verification(ctx, verification)
		if err != nil {
			return err
		}
		receipts, err := tx.Receipts(ctx, verification)
		if err != nil {
			return err
		}
		evidence, err := tx.Evidence(ctx, verification)
		if err != nil {
			return err
		}
		out.Verification, out.Trail = v.At(tx.Now()), v.Trail
		for _, r := range receipts {
			d, err := s.explain(ctx, tx, v, r, evidence)
			if err != nil {
				return err
			}
			d.Today = shop.recheck(d.Decision, evidence)
			out.Decisions = append(out.Decisions, d)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (s *Service) explain(ctx context.Context, tx Tx, v Verification, r Receipt, evidence []Evidence) (ExplainedDecision, error) {
	out := ExplainedDecision{Receipt: r}
	var payload []byte
	payload, out.Signature = s.openReceipt(ctx, r)
	if out.Signature == SignatureBad {
		out.Replayed, out.Findings = ReplayedGone, []string{"The receipt is not what this gateway signed."}
		return out, nil
	}
	if err := json.Unmarshal(payload, &out.Decision); err != nil {
		return out, fmt.Errorf("reading a receipt: %w", err)
	}
	policy, err := tx.PolicyVersion(ctx, out.Decision.PolicyID, out.Decision.PolicyVersion)
	if err != nil {
		return out, fmt.Errorf("reading the policy of a decision: %w", err)
	}
	if out.Decision.Decided == DecidedVerified {
		out.Replayed, out.Findings, err = replayProof(policy, v, out.Decision, evidence)
		return out, err
	}
	out.Replayed, out.Findings = replayRefusal(v, out.Decision)
	return out, nil
}

// openReceipt reads a receipt. Whatever is wrong with it is a bad signature: the receipt is the matter, not the gateway.
func (s *Service) openReceipt(ctx context.Context, r Receipt) ([]byte, Signature) {
	payload, err := s.Receipts.OpenReceipt(ctx, r.JWS)
	switch {
	case err == nil:
		return payload, SignatureGood
	case errors.Is(err, ErrReceiptKeyGone):
		return payload, SignatureUnknown
	}
	return nil, SignatureBad
}

// replayProof decides once more, from the evidence that the decision rested on.
func replayProof(policy Policy, v Verification, d Decision, evidence []Evidence) (Replayed, []string, error) {
	var used []Evidence
	for _, id := range d.Evidence {
		at := slices.IndexFunc(evidence, func(e Evidence) bool { return e.ID == id })
		if at < 0 {
			return ReplayedGone, []string{"Evidence that the decision rested on is not kept any more: " + id + "."}, nil
		}
		used = append(used, evidence[at])
	}
	var findings []string
	differ := func(format string, args ...any) { findings = append(findings, fmt.Sprintf(format, args...)) }
	byHand := slices.Contains(d.Path, RequirementOverride)
	if !byHand && !slices.ContainsFunc(policy.Paths, func(p Path) bool { return covers(d.Path, p) }) {
		differ("No path of the policy's version %d is met by %s.", policy.Version, join(d.Path))
	}
	var classes []Class
	var bound time.Time
	for _, e := range used {
		classes = union(classes, e.Classes)
		if !agrees(v, e) {
			differ("The evidence of %s speaks of another group.", e.Requirement)
		}
		if !slices.Contains(d.Path, e.Requirement) {
			differ("The evidence of %s is of no requirement that was met.", e.Requirement)
		}
		if !e.ValidUntil.IsZero() && (bound.IsZero() || e.ValidUntil.Before(bound)) {
			bound = e.ValidUntil
		}
	}
	if !slices.Equal(classes, union(d.Classes, nil)) {
		differ("The evidence is of the classes %s, the receipt says %s.", join(classes), join(d.Classes))
	}
	until, err := policy.Validity.End(time.Unix(d.IssuedAt, 0).UTC(), bound)
	if err != nil {
		return ReplayedOther, nil, fmt.Errorf("computing a validity: %w", err)
	}
	// The receipt has whole seconds.
	if gap := until.Unix() - d.ValidUntil; gap < -1 || gap > 1 {
		differ("The proof would hold until %s, the receipt says %s.", until.Format(time.RFC3339), time.Unix(d.ValidUntil, 0).UTC().Format(time.RFC3339))
	}
	if len(findings) > 0 {
		return ReplayedOther, findings, nil
	}
	return ReplayedSame, []string{fmt.Sprintf("Policy version %d and %d pieces of evidence give the same result.", policy.Version, len(used))}, nil
}

// replayRefusal compares the reasons with what the trail kept: what a shopper typed and failed with is not kept.
func replayRefusal(v Verification, d Decision) (Replayed, []string) {
	at := time.Unix(d.IssuedAt, 0)
	for _, n := range slices.Backward(v.Trail) {
		if gap := n.At.Sub(at); gap < -time.Second || gap > time.Second {
			continue
		}
		return ReplayedSame, []string{fmt.Sprintf("The trail has the outcome %s of %s at that time: %s.", n.Outcome, n.Requirement, join(n.Why))}
	}
	return ReplayedGone, []string{"What the shopper gave is not kept, and the trail does not reach back to this decision."}
}

// recheck judges the evidence of a decision by today's rules and data.
func (s *shop) recheck(d Decision, evidence []Evidence) []Rechecked {
	var out []Rechecked
	for _, e := range evidence {
		if !slices.Contains(d.Evidence, e.ID) || e.Requirement == RequirementOverride {
			continue
		}
		verifier, err := s.Instance(e.Requirement)
		if err != nil {
			out = append(out, Rechecked{Requirement: e.Requirement, Why: "verifier_gone"})
			continue
		}
		if r, ok := verifier.(Rechecker); ok {
			holds, why := r.Recheck(e)
			out = append(out, Rechecked{Requirement: e.Requirement, Holds: holds, Why: why})
		}
	}
	return out
}

// covers reports whether everything that a path asks for was met.
func covers(met, path Path) bool {
	return !slices.ContainsFunc(path, func(r Requirement) bool { return !slices.Contains(met, r) })
}

func join[T ~string](values []T) string {
	texts := make([]string, len(values))
	for i, v := range values {
		texts[i] = string(v)
	}
	if len(texts) == 0 {
		return "nothing"
	}
	return strings.Join(texts, ", ")
}
