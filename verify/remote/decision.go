package remote

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/verify"
)

// The decisions of the other side.
const (
	decisionVerified = "verified"
	// decisionRejected: the proof says no. The shopper may begin anew, three times at most.
	decisionRejected = "rejected"
	// decisionWrong: what the shopper gave is not right. It is a counted try.
	decisionWrong = "wrong"
	// decisionReview: somebody of the store decides in Laurel's review queue.
	decisionReview = "review"
	// decisionPending: the decision is delivered later.
	decisionPending = "pending"
)

const (
	maxIdentifiers   = 5
	maxIdentifier    = 200
	maxOrganisation  = 200
	maxReasonsGiven  = 5
	maxDecisionBytes = 64 << 10
)

// decision is what the other side says.
type decision struct {
	Decision string `json:"decision"`
	// RequestID and Verification are needed when the decision is delivered later.
	RequestID    string `json:"request_id"`
	Verification string `json:"verification_id"`
	Subgroup     string `json:"subgroup"`
	Organisation string `json:"organisation"`
	// Identifiers identify the person. They are hashed with the store's key and not kept.
	Identifiers []string  `json:"identifiers"`
	ValidUntil  time.Time `json:"valid_until"`
	// Reasons are codes of the configuration.
	Reasons []string `json:"reasons"`
}

// decode reads a decision strictly. Its errors repeat nothing of what was sent.
func decode(body []byte) (d decision, err error) {
	if len(body) > maxDecisionBytes {
		return d, errors.New("it is too large")
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&d); err != nil {
		return d, errors.New("it is not one JSON object with the known fields and types")
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return d, errors.New("something follows it")
	}
	return d, d.check()
}

func (d decision) check() error {
	if d.Subgroup != "" && !codeName.MatchString(d.Subgroup) {
		return errors.New("subgroup: lower-case letters, digits and underscores")
	}
	if len(d.Organisation) > maxOrganisation {
		return fmt.Errorf("organisation: at most %d bytes", maxOrganisation)
	}
	if len(d.Identifiers) > maxIdentifiers || len(d.Reasons) > maxReasonsGiven {
		return fmt.Errorf("at most %d identifiers and %d reasons", maxIdentifiers, maxReasonsGiven)
	}
	for _, identifier := range d.Identifiers {
		if text := strings.TrimSpace(identifier); text == "" || len(text) > maxIdentifier {
			return fmt.Errorf("identifiers: from 1 to %d bytes", maxIdentifier)
		}
	}
	return nil
}

// outcome is what a decision means for a verification.
func (v *Verifier) outcome(at verify.Attempt, d decision, request string) (verify.Outcome, error) {
	switch d.Decision {
	case decisionVerified, decisionReview:
		e, err := v.evidence(at, d)
		if err != nil {
			return verify.Outcome{}, err
		}
		if d.Decision == decisionReview {
			return verify.Outcome{Review: e}, nil
		}
		return verify.Outcome{Met: e}, nil
	case decisionRejected:
		return verify.Outcome{Reject: v.reasons(d)}, nil
	case decisionWrong:
		return verify.Outcome{Wrong: fault.New(fault.NotEligible, v.reasons(d)[0].Detail), MaxTries: v.config.MaxTries}, nil
	case decisionPending:
		private, err := json.Marshal(waiting{RequestID: request})
		if err != nil {
			return verify.Outcome{}, fmt.Errorf("writing what to remember: %w", err)
		}
		return verify.Outcome{Ask: &verify.Ask{Step: verify.StepPending, ExpiresAt: at.Now.Add(verify.Lifetime), Private: private}}, nil
	}
	return verify.Outcome{}, errors.New("decision: one of verified, rejected, wrong, review, pending")
}

func (v *Verifier) evidence(at verify.Attempt, d decision) (*verify.Evidence, error) {
	if len(d.Identifiers) == 0 {
		return nil, errors.New("identifiers: at least one, so that one person gets one benefit")
	}
	if !d.ValidUntil.IsZero() && !d.ValidUntil.After(at.Now) {
		return nil, errors.New("valid_until: it has passed")
	}
	e := &verify.Evidence{
		Classes: v.Classes(), Group: at.Group, Subgroup: d.Subgroup, Organisation: d.Organisation, ValidUntil: d.ValidUntil.UTC(),
		Facts: map[string]string{"source": v.instance},
	}
	for _, identifier := range d.Identifiers {
		// The instance is part of it: no remote verifier can claim what another verifier identified.
		e.Identifiers = append(e.Identifiers, "remote:"+v.instance+"\n"+strings.TrimSpace(identifier))
	}
	return e, nil
}

// reasons are the configured ones among the codes, or that the proof does not show the group.
func (v *Verifier) reasons(d decision) []verify.Reason {
	var out []verify.Reason
	for _, code := range d.Reasons {
		if text, ok := v.config.Reasons[code]; ok {
			out = append(out, verify.Reason{Code: code, Detail: text})
		}
	}
	if out == nil {
		out = []verify.Reason{{Code: string(fault.NotEligible), Detail: "The proof does not show that you belong to this group."}}
	}
	return out
}
