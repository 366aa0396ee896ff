package verify

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"
)

// Note is one thing that happened in a verification, in codes and without personal data.
type Note struct {
	At          time.Time   `json:"at"`
	Requirement Requirement `json:"requirement,omitempty"`
	Outcome     string      `json:"outcome"`
	Why         []string    `json:"why,omitempty"`
}

// The outcomes of notes.
const (
	NoteMet      = "met"
	NoteAsked    = "asked"
	NoteWrong    = "wrong"
	NoteRefused  = "refused"
	NoteRejected = "rejected"
	NoteReview   = "review"
	NoteApproved = "approved"
)

// maxTrail is how many notes a verification keeps; the oldest go.
const maxTrail = 40

// The signals that the state machine itself records. Verifiers add their own.
const (
	// SignalNetwork counts the verifications of the same group that began in the same network within a day, this one
	// included. A campus shares its network: it is a signal and never a limit.
	SignalNetwork = "shared_network"
	// SignalVelocity counts the verifications that the same customer began within a day, this one included.
	SignalVelocity = "velocity"
	// SignalGivenUp counts the steps that were given up.
	SignalGivenUp = "given_up_steps"
	// SignalDisposable counts the addresses of disposable mail that were tried.
	SignalDisposable = "disposable_mail"
	// SignalLookAlike counts documents of other people that look like one of these.
	SignalLookAlike = "look_alike"
)

// signalWindow is how far back the signals count.
const signalWindow = 24 * time.Hour

// note returns the verification with a note at the end of its trail.
func (v Verification) note(n Note) Verification {
	v.Trail = append(slices.Clone(v.Trail), n)
	if len(v.Trail) > maxTrail {
		v.Trail = slices.Clone(v.Trail[len(v.Trail)-maxTrail:])
	}
	return v
}

// noted returns the verification with what an outcome says for the store: a note, and signals.
func (v Verification) noted(r Requirement, out Outcome, now time.Time) Verification {
	for name, n := range out.Signals {
		v = v.signalled(name, v.Signals[name]+n)
	}
	if kind := out.kind(); kind != "" {
		v = v.note(Note{At: now, Requirement: r, Outcome: kind, Why: out.Why})
	}
	return v
}

func (o Outcome) kind() string {
	switch {
	case o.Met != nil:
		return NoteMet
	case o.Ask != nil:
		return NoteAsked
	case o.Wrong != nil:
		return NoteWrong
	case o.Refused != nil:
		return NoteRefused
	case o.Reject != nil:
		return NoteRejected
	case o.Review != nil:
		return NoteReview
	}
	return ""
}

func (v Verification) signalled(name string, n int) Verification {
	v.Signals = maps.Clone(v.Signals)
	if v.Signals == nil {
		v.Signals = map[string]int{}
	}
	v.Signals[name] = n
	return v
}

// weigh returns the verification with the signals that the state machine itself records, as they are now.
func weigh(ctx context.Context, tx Tx, v Verification) (Verification, error) {
	since := tx.Now().Add(-signalWindow)
	if v.Network != "" {
		n, err := tx.CountFromNetwork(ctx, v.Group, v.Network, since)
		if err != nil {
			return v, fmt.Errorf("counting verifications of a network: %w", err)
		}
		v = v.signalled(SignalNetwork, n)
	}
	if v.Customer != "" {
		n, err := tx.CountOfCustomer(ctx, v.Customer, since)
		if err != nil {
			return v, fmt.Errorf("counting verifications of a customer: %w", err)
		}
		v = v.signalled(SignalVelocity, n)
	}
	if len(v.GivenUp) > 0 {
		v = v.signalled(SignalGivenUp, len(v.GivenUp))
	}
	return v, nil
}
