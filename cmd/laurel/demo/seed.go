package demo

import (
	"context"
	"errors"
	"fmt"
	"net"

	"github.com/laurel-gateway/laurel/internal/console"
	"github.com/laurel-gateway/laurel/internal/tenant"
	"github.com/laurel-gateway/laurel/loyalty"
	"github.com/laurel-gateway/laurel/offers"
	"github.com/laurel-gateway/laurel/verify"
)

const (
	universityPath   = "/demo/university"
	universityClient = "laurel-demo"
	provider         = "demo-university"
)

// seeder names the demo in the audit log.
const seeder = "demo"

// ErrHalfSeeded says that a first start was cut off.
var ErrHalfSeeded = errors.New("the first start in this data directory was cut off: delete the directory and start again")

// seed fills an empty data directory. A second start keeps everything.
func (d *Demo) seed(ctx context.Context) error {
	if d.State.Seeded {
		return nil
	}
	stores, err := d.Gateway.Tenants.Stores(ctx)
	if err != nil {
		return err
	}
	if len(stores) > 0 {
		return ErrHalfSeeded
	}
	if _, err := d.Gateway.Console.CreateOperator(ctx, d.State.Admin.Email, "Demo Admin", d.State.Admin.Password); err != nil {
		return fmt.Errorf("make the admin: %w", err)
	}
	if d.State.Store, err = d.store(ctx, "Northside Supply"); err != nil {
		return err
	}
	if d.State.OtherStore, err = d.store(ctx, "Southside Supply"); err != nil {
		return err
	}
	for i, s := range []StoreState{d.State.Store, d.State.OtherStore} {
		given, err := d.furnish(ctx, verify.StoreRef{ID: s.StoreID, Test: true})
		if err != nil {
			return err
		}
		if i == 0 {
			d.State.Offers = given
		}
	}
	d.State.Seeded = true
	return d.State.save()
}

// store makes a test store with a key of each kind.
func (d *Demo) store(ctx context.Context, name string) (StoreState, error) {
	_, port, err := net.SplitHostPort(d.Gateway.Config.Listen)
	if err != nil {
		return StoreState{}, fmt.Errorf("read the address: %w", err)
	}
	s, err := d.Gateway.Tenants.Create(ctx, tenant.NewStore{Name: name, Mode: tenant.Test, Currency: "USD", Timezone: "America/New_York",
		Origins: []string{"http://localhost:" + port, "http://127.0.0.1:" + port}}, nil)
	if err != nil {
		return StoreState{}, fmt.Errorf("make the store: %w", err)
	}
	state := StoreState{StoreID: s.ID}
	for _, k := range []struct {
		kind  tenant.Kind
		plain *string
	}{{tenant.Publishable, &state.PublishableKey}, {tenant.Secret, &state.SecretKey}} {
		key, err := d.Gateway.Tenants.CreateKey(ctx, tenant.NewKey{Store: s.ID, Kind: k.kind, Name: "Demo"}, nil)
		if err != nil {
			return StoreState{}, fmt.Errorf("make a key: %w", err)
		}
		*k.plain = key.Plain
	}
	return state, nil
}

// furnish gives a store its ways to prove, its offers and its program.
func (d *Demo) furnish(ctx context.Context, store verify.StoreRef) ([]OfferState, error) {
	if err := d.proofs(ctx, store); err != nil {
		return nil, err
	}
	var given []OfferState
	for _, o := range seededOffers() {
		made, err := d.Gateway.Console.CreateOffer(ctx, console.Origin{Actor: seeder}, store, o)
		if err != nil {
			return nil, fmt.Errorf("make the offer %q: %w", o.Name, err)
		}
		given = append(given, OfferState{ID: made.ID, Group: made.Group, Name: made.Name})
	}
	program := loyalty.Program{Name: "Northside points", Earn: []loyalty.EarnRule{{Currency: "USD", Points: 1, PerAmount: 100}},
		ExpiresAfterDays: 730, Window: loyalty.Window{Type: loyalty.Rolling, Days: 365},
		Tiers: []loyalty.Tier{{ID: "bronze", Name: "Bronze"}, {ID: "silver", Name: "Silver", Threshold: 500}, {ID: "gold", Name: "Gold", Threshold: 2000}}}
	if _, err := d.Gateway.Console.SaveProgram(ctx, console.Origin{Actor: seeder}, store.ID, 0, program); err != nil {
		return nil, fmt.Errorf("make the program: %w", err)
	}
	return given, nil
}

func seededOffers() []offers.Offer {
	offer := func(group, name, en, de string, b offers.Benefit, limits offers.Limits) offers.Offer {
		return offers.Offer{State: offers.Live, Name: name, Description: map[string]string{"en": en, "de": de}, Group: group, Benefit: b,
			Limits: limits, TokenSeconds: offers.DefaultTokenSeconds}
	}
	given := []offers.Offer{
		offer("student", "Students save 20 %", "20 % off your order, for students.", "20 % Rabatt auf die Bestellung, für Studierende.",
			offers.Benefit{Type: offers.Percentage, BasisPoints: 2000}, offers.Limits{}),
		offer("teacher", "Teachers save 15 %", "15 % off your order, for teachers.", "15 % Rabatt auf die Bestellung, für Lehrkräfte.",
			offers.Benefit{Type: offers.Percentage, BasisPoints: 1500, Maximum: 10_000}, offers.Limits{}),
		offer("military", "Thank you: 10 dollars off", "10 dollars off orders from 40, for service members.", "10 Dollar Rabatt ab 40, für Militärangehörige.",
			offers.Benefit{Type: offers.FixedAmount, Amount: 1000, Currency: "USD"}, offers.Limits{PerPerson: 5}),
		offer("healthcare", "Free shipping for carers", "Free shipping, for healthcare workers.", "Versandkostenfrei, für Beschäftigte im Gesundheitswesen.",
			offers.Benefit{Type: offers.FreeShipping}, offers.Limits{PerPerson: 20}),
		offer("employee", "Staff save 30 %", "30 % off your order, for our own people.", "30 % Rabatt auf die Bestellung, für unsere Leute.",
			offers.Benefit{Type: offers.Percentage, BasisPoints: 3000}, offers.Limits{PerPerson: 10}),
	}
	given[2].MinimumOrder = 4000
	return given
}
