package checkout

import (
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/loyalty"
)

// AdjustPoints gives or takes points by hand. It decides a loyalty.Member.
type AdjustPoints struct {
	Customer string
	// Points may be negative. What cannot be covered becomes debt.
	Points int64
	Reason string
	// Reference is the caller's own id of the adjustment: the same one again for the customer is refused with ledger_source_conflict.
	Reference string
	Actor     string
	// Audit, when set, is written with the adjustment.
	Audit *Audit
}

// Audit is a row of the audit log: who changed what, and what it was before and after (JSON).
type Audit struct {
	Actor     string
	Action    string
	Target    string
	Changes   string
	RequestID string
}

// ErrAdjusted says that a reference was used before.
var ErrAdjusted = fault.New(fault.LedgerSourceConflict, "An adjustment with this reference was made before. A reference belongs to one adjustment for ever.")

func (c AdjustPoints) want(k *Keys) {
	k.Program = true
	k.Members.Add(c.Customer)
	k.AllLots.Add(c.Customer)
	k.Adjustments.Add(AdjustmentKey{c.Customer, c.Reference})
}

func (c AdjustPoints) plan(*Facts, *Keys) error { return nil }

func (c AdjustPoints) decide(s *Shop) (any, error) {
	key := AdjustmentKey{c.Customer, c.Reference}
	if s.Adjusted[key] {
		return nil, ErrAdjusted
	}
	cmd := loyalty.Adjust{Points: c.Points, Source: AdjustmentSource(s.Members[c.Customer].ID, c.Reference), Reason: c.Reason, Actor: c.Actor}
	if err := s.credit(c.Customer, cmd); err != nil {
		return nil, err
	}
	s.Adjusted[key] = true
	if c.Audit != nil {
		s.Changed.Audits = append(s.Changed.Audits, *c.Audit)
	}
	return s.Members[c.Customer].Clone(), nil
}

// AdjustmentSource is the ledger source of an adjustment. It holds the member, so that whoever writes it holds the
// member's lock.
func AdjustmentSource(memberID, reference string) loyalty.Source {
	return loyalty.Source{Type: "adjustment", ID: memberID + ":" + reference}
}
