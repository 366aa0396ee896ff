package console

import (
	"context"
	"errors"
	"slices"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/offers"
	"github.com/laurel-gateway/laurel/offers/rule"
)

// Sound refuses an offer that cannot work, with everything that is wrong at once, in its rule too: a rule that does not
// compile is named with line and column. Faults: invalid.
func Sound(o offers.Offer) error {
	err := o.Check()
	if o.Rule == "" {
		return err
	}
	_, ruleErr := rule.Compile(o.Rule)
	whole, part := fault.From(err), fault.From(ruleErr)
	if whole == nil || part == nil {
		return errors.Join(err, ruleErr)
	}
	both := *whole
	both.Fields = slices.Concat(whole.Fields, part.Fields)
	return &both
}

// OfferVersion returns a version of an offer; 0 is the current one. Faults: not_found.
func (s *Service) OfferVersion(ctx context.Context, store, id string, version int64) (OfferRecord, error) {
	if version == 0 {
		return s.Offer(ctx, store, id)
	}
	rows, err := s.OfferVersions(ctx, store, id, version+1, 1)
	if err != nil {
		return OfferRecord{}, err
	}
	if len(rows) == 0 || rows[0].Version != version {
		return OfferRecord{}, ErrOfferNotFound
	}
	return rows[0], nil
}
