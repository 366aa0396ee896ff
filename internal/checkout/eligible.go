package checkout

import (
	"context"
	"slices"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/internal/tenant"
	"github.com/laurel-gateway/laurel/offers"
)

// Eligible is an offer as it stands for one customer. Whether it applies to a cart is a matter of the evaluation.
type Eligible struct {
	Offer offers.Offer
	// Reason says why the customer cannot have it now; empty when they can.
	Reason string
	// Left is how many more uses the customer has, when Limited says that uses are limited for one customer or person.
	Left    int64
	Limited bool
}

// Why a customer cannot have an offer now. The others are those of an evaluation.
const (
	ReasonNotVerified = "not_verified"
	ReasonLimit       = string(fault.LimitReached)
	ReasonBudget      = string(fault.BudgetExhausted)
)

// maxListed bounds the offers of a store that are looked at for one customer.
const maxListed = 500

// OfferLister lists what may be offered (database.Checkout).
type OfferLister interface {
	// OfferIDs returns the offers of a store that are live or paused, oldest first.
	OfferIDs(ctx context.Context, store string, limit int) ([]string, error)
}

// Eligible tells which offers a customer can have now, in the order of their priority, and with all set also those that
// they cannot have, with the reason. It only reads, in a number of questions that does not depend on how many offers
// there are; a command that follows decides again under locks.
func (s *Service) Eligible(ctx context.Context, store *tenant.Store, customer string, all bool) ([]Eligible, error) {
	ids, err := s.Reader.OfferIDs(ctx, store.ID, maxListed)
	if err != nil {
		return nil, err
	}
	proofs, err := s.Reader.Proofs(ctx, store.ID, "", customer)
	if err != nil {
		return nil, err
	}
	want := func(k *Keys) {
		k.Offers.Add(ids...)
		k.Members.Add(customer)
		k.Program = true
	}
	count := func(f *Facts, k *Keys) error {
		for _, o := range f.Offers {
			keys, err := offers.CountersOf(*o, tagsFor(o, proofs, f.Now), customer, f.Now, f.Store.Zone)
			if err != nil {
				return err
			}
			k.Counters.Add(keys...)
		}
		return nil
	}
	out := []Eligible{}
	err = s.Reader.Look(ctx, store.ID, want, count, func(shop *Shop) error {
		shop.Book.Sweep()
		member := shop.memberOf(customer)
		for _, id := range ids {
			o := shop.Book.Offers[id]
			if o == nil {
				continue
			}
			e, err := shop.eligible(o, proofs, member, customer)
			if err != nil {
				return err
			}
			if all || e.Reason == "" {
				out = append(out, e)
			}
		}
		return nil
	})
	slices.SortStableFunc(out, func(a, b Eligible) int {
		if a.Offer.Priority != b.Offer.Priority {
			return int(min(1, max(-1, b.Offer.Priority-a.Offer.Priority)))
		}
		return 0
	})
	return out, err
}

func (s *Shop) eligible(o *offers.Offer, proofs []Attestation, member *offers.Member, customer string) (Eligible, error) {
	e := Eligible{Offer: *o}
	left, limited, err := s.Book.Left(*o, tagsFor(o, proofs, s.Now), customer)
	if err != nil {
		return e, err
	}
	if e.Limited = limited && o.PerShopper(); e.Limited {
		e.Left = left
	}
	switch {
	case o.Available(s.Now) != nil:
		e.Reason = offers.ReasonNotLive
	case o.Group != "" && proofFor(o, proofs, s.Now) == nil:
		e.Reason = ReasonNotVerified
	case !o.SuitsMember(member):
		e.Reason = offers.ReasonTier
	case limited && left == 0:
		e.Reason = ReasonLimit
	case s.Book.Spent(*o):
		e.Reason = ReasonBudget
	}
	return e, nil
}

// proofFor is the proof that a token for the offer would rest on.
func proofFor(o *offers.Offer, proofs []Attestation, now time.Time) *Attestation {
	if o.Group == "" {
		return nil
	}
	i := slices.IndexFunc(proofs, func(a Attestation) bool { return a.Active(now) && o.Suits(a.Group, a.Subgroup) })
	if i < 0 {
		return nil
	}
	return &proofs[i]
}

// tagsFor are whom a limit per person counts.
func tagsFor(o *offers.Offer, proofs []Attestation, now time.Time) []string {
	if p := proofFor(o, proofs, now); p != nil {
		return p.Tags
	}
	return nil
}
