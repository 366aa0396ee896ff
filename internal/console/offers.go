package console

import (
	"context"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/internal/id"
	"github.com/laurel-gateway/laurel/offers"
	"github.com/laurel-gateway/laurel/verify"
)

// Faults of changing what is versioned.
var (
	ErrStale         = fault.New(fault.VersionConflict, "Somebody changed this meanwhile. Read it again, then send your change with its version.")
	ErrOfferNotFound = fault.New(fault.NotFound, "There is no such offer in this store.")
	errOfferEnded    = fault.New(fault.Conflict, "This offer has ended and stays so. Make a new one from it.")
)

// OfferRecord is a version of an offer, with who made it when.
type OfferRecord struct {
	offers.Offer
	// Actor made this version.
	Actor string
	// CreatedAt is the birth of the offer, UpdatedAt that of this version.
	CreatedAt time.Time
	UpdatedAt time.Time
}

// OfferTx keeps offers. A version never changes.
type OfferTx interface {
	// Offers returns the current versions after a cursor id ("" for the first page), newest first.
	Offers(ctx context.Context, store string, state offers.State, before string, limit int) ([]OfferRecord, error)
	// Offer returns the current version.
	Offer(ctx context.Context, store, id string) (OfferRecord, bool, error)
	// LockOffer is Offer, and keeps others from changing it until the end of the transaction.
	LockOffer(ctx context.Context, store, id string) (OfferRecord, bool, error)
	// OfferVersions returns versions below one (0 for the first page), newest first.
	OfferVersions(ctx context.Context, store, id string, before int64, limit int) ([]OfferRecord, error)
	// PutOffer writes a version that follows the current one, or the first.
	PutOffer(ctx context.Context, o OfferRecord) error
}

// Groups knows what can be proven in a store.
type Groups interface {
	Groups(ctx context.Context, store verify.StoreRef) ([]verify.Group, error)
}

// Offers returns a store's offers in their current versions, newest first, before a cursor id. An empty state is all.
func (s *Service) Offers(ctx context.Context, store string, state offers.State, before string, limit int) ([]OfferRecord, error) {
	return read(ctx, s.storage, func(ctx context.Context, tx Tx) ([]OfferRecord, error) {
		return tx.Offers(ctx, store, state, before, limit)
	})
}

// Offer returns an offer in its current version. Faults: not_found.
func (s *Service) Offer(ctx context.Context, store, id string) (OfferRecord, error) {
	return read(ctx, s.storage, func(ctx context.Context, tx Tx) (OfferRecord, error) {
		o, ok, err := tx.Offer(ctx, store, id)
		if err == nil && !ok {
			err = ErrOfferNotFound
		}
		return o, err
	})
}

// OfferVersions returns an offer's versions below one (0 for the first page), newest first. Faults: not_found.
func (s *Service) OfferVersions(ctx context.Context, store, id string, before int64, limit int) ([]OfferRecord, error) {
	return read(ctx, s.storage, func(ctx context.Context, tx Tx) ([]OfferRecord, error) {
		if _, ok, err := tx.Offer(ctx, store, id); err != nil || !ok {
			if err == nil {
				err = ErrOfferNotFound
			}
			return nil, err
		}
		return tx.OfferVersions(ctx, store, id, before, limit)
	})
}

// CreateOffer writes the first version of an offer. Faults: invalid, group_unknown.
func (s *Service) CreateOffer(ctx context.Context, o Origin, store verify.StoreRef, offer offers.Offer) (*OfferRecord, error) {
	offer.Store, offer.ID, offer.Version = store.ID, id.New("off"), 1
	if err := s.checkOffer(ctx, store, offer); err != nil {
		return nil, err
	}
	return write(ctx, s.storage, func(ctx context.Context, tx Tx) (*OfferRecord, error) {
		r := OfferRecord{Offer: offer, Actor: o.Actor, CreatedAt: tx.Now(), UpdatedAt: tx.Now()}
		if err := tx.PutOffer(ctx, r); err != nil {
			return nil, err
		}
		return &r, audit(ctx, tx, o, store.ID, "offer.created", offer.ID, nil, offer)
	})
}

// UpdateOffer writes the next version of an offer; version is the one that the change was made from. Without a state,
// the offer keeps its own. Faults: invalid, group_unknown, not_found, version_conflict, conflict when the offer has ended.
func (s *Service) UpdateOffer(ctx context.Context, o Origin, store verify.StoreRef, version int64, offer offers.Offer) (*OfferRecord, error) {
	offer.Store = store.ID
	stays := offer.State == ""
	if stays {
		// Whatever the state is, it is a good one: what is checked is the rest.
		offer.State = offers.Draft
	}
	if err := s.checkOffer(ctx, store, offer); err != nil {
		return nil, err
	}
	return s.changeOffer(ctx, o, store.ID, offer.ID, "offer.updated", func(was offers.Offer) (offers.Offer, error) {
		if was.Version != version {
			return was, ErrStale
		}
		if stays {
			offer.State = was.State
		}
		return offer, nil
	})
}

// SetOfferState writes the next version of an offer, which differs in its state. version is the one that the change was
// made from, 0 for whichever is current. Faults: invalid, not_found, version_conflict, conflict when the offer has ended.
func (s *Service) SetOfferState(ctx context.Context, o Origin, store, id string, version int64, state offers.State) (*OfferRecord, error) {
	return s.changeOffer(ctx, o, store, id, "offer.state_changed", func(was offers.Offer) (offers.Offer, error) {
		if version != 0 && was.Version != version {
			return was, ErrStale
		}
		was.State = state
		return was, Sound(was)
	})
}

func (s *Service) changeOffer(ctx context.Context, o Origin, store, id, action string,
	change func(offers.Offer) (offers.Offer, error)) (*OfferRecord, error) {
	return write(ctx, s.storage, func(ctx context.Context, tx Tx) (*OfferRecord, error) {
		r, ok, err := tx.LockOffer(ctx, store, id)
		if err != nil {
			return nil, err
		}
		if !ok {
			return nil, ErrOfferNotFound
		}
		was := r.Offer
		if was.State == offers.Ended {
			return nil, errOfferEnded
		}
		if r.Offer, err = change(was); err != nil {
			return nil, err
		}
		r.Store, r.ID, r.Version, r.Actor, r.UpdatedAt = store, id, was.Version+1, o.Actor, tx.Now()
		if err := tx.PutOffer(ctx, r); err != nil {
			return nil, err
		}
		return &r, audit(ctx, tx, o, store, action, id, was, r.Offer)
	})
}

// checkOffer refuses an offer that cannot work, that is for a group which cannot be proven, or that needs what the
// store's program does not have.
func (s *Service) checkOffer(ctx context.Context, store verify.StoreRef, o offers.Offer) error {
	if err := Sound(o); err != nil {
		return err
	}
	if err := s.checkGroup(ctx, store, o); err != nil {
		return err
	}
	return s.checkProgram(ctx, store.ID, o)
}

// checkProgram refuses a tier that the program has not, and points where there is no program to give them.
func (s *Service) checkProgram(ctx context.Context, store string, o offers.Offer) error {
	if o.Tier == "" && !o.Benefit.EarnsPoints() {
		return nil
	}
	return s.storage.ReadConsole(ctx, func(ctx context.Context, tx Tx) error {
		p, ok, err := tx.Program(ctx, store)
		if err != nil {
			return err
		}
		if !ok && o.Benefit.EarnsPoints() {
			return fault.New(fault.Invalid, "The store has no loyalty program to give points by. Save one first.").At("#/benefit/type", "needs a loyalty program")
		}
		if _, known := p.Tier(o.Tier); o.Tier != "" && !known {
			return fault.New(fault.Invalid, "The store's program has no such tier.").At("#/tier", "is not a tier of the program")
		}
		return nil
	})
}

func (s *Service) checkGroup(ctx context.Context, store verify.StoreRef, o offers.Offer) error {
	if o.Group == "" {
		return nil
	}
	groups, err := s.groups.Groups(ctx, store)
	if err != nil {
		return err
	}
	for _, g := range groups {
		if g.Name != o.Group {
			continue
		}
		if g.Has(o.Subgroup) {
			return nil
		}
		return fault.New(fault.GroupUnknown, "The group has no such subgroup.").At("#/subgroup", "is not a subgroup of the group")
	}
	return fault.New(fault.GroupUnknown, "The store has no such group.").At("#/group", "is not a group of this store")
}
