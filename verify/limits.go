package verify

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
)

// Per says by whom a limit of a policy counts.
type Per string

// The subjects of limits.
const (
	// PerPerson counts the attestations of one human, whatever the account.
	PerPerson Per = "person"
	// PerCustomer counts those of one account, whoever proved. Guests are not counted.
	PerCustomer Per = "customer"
	// PerOrganisation counts those of one mail domain, sign-in provider or roster.
	PerOrganisation Per = "organisation"
)

// SuccessLimit allows Max new attestations in any window of so many Days. Renewals and moves count for none.
type SuccessLimit struct {
	Per  Per `json:"per"`
	Max  int `json:"max"`
	Days int `json:"days"`
}

// maxPerLimit bounds Max: every success in a window is kept as a moment.
const maxPerLimit = 10_000

func (p Policy) checkLimits(f *fault.Fault) *fault.Fault {
	for i, l := range p.Limits {
		at := pointer("limits", i)
		if !slices.Contains([]Per{PerPerson, PerCustomer, PerOrganisation}, l.Per) {
			f = f.At(at+"/per", "person, customer or organisation")
		}
		if slices.ContainsFunc(p.Limits[:i], func(o SuccessLimit) bool { return o.Per == l.Per && o.Days == l.Days }) {
			f = f.At(at, "this limit is there twice")
		}
		if l.Max < 1 || l.Max > maxPerLimit {
			f = f.At(at+"/max", fmt.Sprintf("from 1 to %d", maxPerLimit))
		}
		if l.Days < 1 || l.Days > maxDays {
			f = f.At(at+"/days", fmt.Sprintf("from 1 to %d", maxDays))
		}
	}
	if len(p.Limits) > 10 {
		f = f.At("#/limits", "at most 10 limits")
	}
	return f
}

// successWindow is how long a person stays with the customer they were verified for, when the attestation has ended. A
// policy that limits persons itself says how often they may begin anew.
func (p Policy) successWindow() time.Duration {
	if slices.ContainsFunc(p.Limits, func(l SuccessLimit) bool { return l.Per == PerPerson }) {
		return 0
	}
	return DefaultSuccessWindow
}

// errLimited says that a limit of a policy leaves no room.
var errLimited = fault.New(fault.LimitReached, "The limits of the policy leave no room for another attestation now.")

// window is one sliding window in which an event is to be counted.
type window struct {
	kind  string
	tag   PersonTag
	max   int
	width time.Duration
}

// countSuccess counts a new attestation in every limit of its policy, or in none. Faults: limit_reached.
func countSuccess(ctx context.Context, tx Tx, p Policy, a Attestation, t Tagger) error {
	var windows []window
	for _, l := range p.Limits {
		w := window{kind: successKind(a.Group, l), max: l.Max, width: time.Duration(l.Days) * 24 * time.Hour}
		for _, w.tag = range counted(l.Per, a, t) {
			windows = append(windows, w)
		}
	}
	return countIn(ctx, tx, windows, errLimited, false)
}

// successKind names the window of a limit. Two limits of one subject count each for itself.
func successKind(group string, l SuccessLimit) string {
	return fmt.Sprintf("verified:%s:%s:%d", group, l.Per, l.Days)
}

func counted(per Per, a Attestation, t Tagger) []PersonTag {
	switch {
	case per == PerPerson:
		return a.Tags
	case per == PerCustomer && a.Customer != "":
		return []PersonTag{PersonTag(t.PersonTag(CustomerIdentifier(a.Customer)))}
	case per == PerOrganisation && a.Organisation != "":
		return []PersonTag{PersonTag(t.PersonTag("organisation:" + a.Organisation))}
	}
	return nil
}

// countIn counts one event in every window, or in none when one has no room. forced counts in any case.
func countIn(ctx context.Context, tx Tx, windows []window, refusal *fault.Fault, forced bool) error {
	slices.SortFunc(windows, func(a, b window) int { return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(a.tag, b.tag)) })
	now := tx.Now()
	moments := make([][]time.Time, len(windows))
	for i, w := range windows {
		found, err := tx.LockWindow(ctx, w.kind, w.tag)
		if err != nil {
			return fmt.Errorf("reading the limit %s: %w", w.kind, err)
		}
		found = slices.DeleteFunc(found, func(m time.Time) bool { return !m.After(now.Add(-w.width)) })
		if len(found) >= w.max && !forced {
			return refusal
		}
		moments[i] = append(found, now)
		slices.SortFunc(moments[i], time.Time.Compare)
	}
	for i, w := range windows {
		if err := tx.PutWindow(ctx, w.kind, w.tag, moments[i], now.Add(w.width)); err != nil {
			return fmt.Errorf("counting in the limit %s: %w", w.kind, err)
		}
	}
	return nil
}
