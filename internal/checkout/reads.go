package checkout

import (
	"context"

	"github.com/laurel-gateway/laurel/internal/tenant"
	"github.com/laurel-gateway/laurel/loyalty"
	"github.com/laurel-gateway/laurel/offers"
)

// Standing returns a member's points and tier as of now, and whether the member has ever had an entry. Nothing is saved.
func (s *Service) Standing(ctx context.Context, store *tenant.Store, customer string) (loyalty.Standing, bool, error) {
	shop, m, err := s.Reader.Member(ctx, store.ID, customer)
	if err != nil {
		return loyalty.Standing{}, false, err
	}
	known := m != nil
	if !known {
		m = &loyalty.Member{Store: store.ID, Customer: customer}
	}
	rules := loyalty.Rules{Zone: shop.Store.Zone, NewID: shop.NewID}
	if shop.Program != nil {
		rules.Program = *shop.Program
	}
	return m.Standing(rules, shop.Now), known, nil
}

// Entries returns a member's entries, newest first, before a sequence number (0: from the newest).
func (s *Service) Entries(ctx context.Context, store *tenant.Store, customer string, before int64, limit int) ([]loyalty.Entry, error) {
	return s.Reader.Entries(ctx, store.ID, customer, before, limit)
}

// Redemptions returns redemptions, newest first, before an id ("": from the newest), of an order if one is named.
func (s *Service) Redemptions(ctx context.Context, store *tenant.Store, orderID, before string, limit int) ([]offers.Redemption, error) {
	return s.Reader.Redemptions(ctx, store.ID, orderID, before, limit)
}
