package bench

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/laurel-gateway/laurel/cmd/laurel/gateway"
	"github.com/laurel-gateway/laurel/internal/config"
	"github.com/laurel-gateway/laurel/internal/console"
	"github.com/laurel-gateway/laurel/internal/database"
	"github.com/laurel-gateway/laurel/internal/tenant"
	"github.com/laurel-gateway/laurel/loyalty"
	"github.com/laurel-gateway/laurel/offers"
	"github.com/laurel-gateway/laurel/verify"
)

// seeder names the bench in the audit log.
const seeder = "bench"

// manyOffers is how many offers without limits a store has for shoppers that use different ones.
const manyOffers = 64

// store is what a measurement must know of a seeded store.
type store struct {
	secretKey string
	// many are offers without limits, limited is one with a limit that is never reached, and stack are three that apply to one
	// cart together.
	many    []string
	limited string
	stack   []string
}

// seed migrates and makes a store with its key, offers and program, through the same services as the console.
func seed(ctx context.Context, env []string) (made store, err error) {
	cfg, err := config.Load(config.Source{Environ: env})
	if err != nil {
		return made, err
	}
	if _, err := gateway.OpenMaster(cfg); err != nil {
		return made, err
	}
	if err := database.Migrate(ctx, gateway.DatabaseURL(cfg)); err != nil {
		return made, err
	}
	g, err := gateway.Open(ctx, gateway.Options{Config: cfg, Logger: slog.New(slog.DiscardHandler), Version: seeder})
	if err != nil {
		return made, err
	}
	defer func() { err = errors.Join(err, g.Close()) }()
	s, err := g.Tenants.Create(ctx, tenant.NewStore{Name: "Bench", Mode: tenant.Test, Currency: "USD", Timezone: "UTC"}, nil)
	if err != nil {
		return made, fmt.Errorf("make the store: %w", err)
	}
	key, err := g.Tenants.CreateKey(ctx, tenant.NewKey{Store: s.ID, Kind: tenant.Secret, Name: "Bench"}, nil)
	if err != nil {
		return made, fmt.Errorf("make the key: %w", err)
	}
	made.secretKey = key.Plain
	program := loyalty.Program{Name: "Bench points", Earn: []loyalty.EarnRule{{Currency: "USD", Points: 1, PerAmount: 100}},
		ExpiresAfterDays: 730, Window: loyalty.Window{Type: loyalty.Rolling, Days: 365},
		Tiers: []loyalty.Tier{{ID: "bronze", Name: "Bronze"}, {ID: "silver", Name: "Silver", Threshold: 500}, {ID: "gold", Name: "Gold", Threshold: 2000}}}
	if _, err := g.Console.SaveProgram(ctx, console.Origin{Actor: seeder}, s.ID, 0, program); err != nil {
		return made, fmt.Errorf("make the program: %w", err)
	}
	return made, made.addOffers(ctx, g, s.ID)
}

func (made *store) addOffers(ctx context.Context, g *gateway.Gateway, storeID string) error {
	ref := verify.StoreRef{ID: storeID, Test: true}
	add := func(name string, b offers.Benefit, l offers.Limits) (string, error) {
		o, err := g.Console.CreateOffer(ctx, console.Origin{Actor: seeder}, ref,
			offers.Offer{State: offers.Live, Name: name, Benefit: b, Limits: l, TokenSeconds: int64(24 * time.Hour / time.Second)})
		if err != nil {
			return "", fmt.Errorf("make the offer %q: %w", name, err)
		}
		return o.ID, nil
	}
	tenth := offers.Benefit{Type: offers.Percentage, BasisPoints: 1000}
	for i := range manyOffers {
		o, err := add(fmt.Sprintf("Open %d", i), tenth, offers.Limits{})
		if err != nil {
			return err
		}
		made.many = append(made.many, o)
	}
	var err error
	if made.limited, err = add("Limited", tenth, offers.Limits{Total: 1_000_000_000}); err != nil {
		return err
	}
	for _, b := range []offers.Benefit{tenth, {Type: offers.FixedAmount, Amount: 100, Currency: "USD"}, {Type: offers.FreeShipping}} {
		o, err := add("Stack "+string(b.Type), b, offers.Limits{})
		if err != nil {
			return err
		}
		made.stack = append(made.stack, o)
	}
	return nil
}
