package database_test

import (
	"testing"

	"github.com/laurel-gateway/laurel/internal/database"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/internal/testdb"
	"github.com/laurel-gateway/laurel/loyalty"
	"github.com/laurel-gateway/laurel/offers"
	"github.com/laurel-gateway/laurel/verify"
)

func TestAnOfferNamesWhatTheProgramHas(t *testing.T) {
	testdb.Each(t, func(t *testing.T, db *database.DB) {
		d, ctx := newDesk(t, db), t.Context()
		store := verify.StoreRef{ID: d.store, Test: true}
		for _, table := range []string{"programs", "program_versions"} {
			if err := database.ExecForTest(ctx, db, "DELETE FROM "+table+" WHERE store_id = ?", d.store); err != nil {
				t.Fatal(err)
			}
		}
		tiered, bonus := someOffer("For gold"), someOffer("Points")
		tiered.Tier = "gold"
		bonus.Benefit = offers.Benefit{Type: offers.BonusPoints, Points: 100}
		refused := func(o offers.Offer, pointer string) {
			t.Helper()
			_, err := d.CreateOffer(ctx, d.by, store, o)
			f := fault.From(err)
			if f == nil || f.Code != fault.Invalid || len(f.Fields) != 1 || f.Fields[0].Pointer != pointer {
				t.Errorf("%v does not name %s", err, pointer)
			}
		}
		refused(tiered, "#/tier")
		refused(bonus, "#/benefit/type")
		p := loyalty.Program{Name: "New", Earn: []loyalty.EarnRule{}, Window: loyalty.Window{Type: loyalty.Lifetime}, Tiers: []loyalty.Tier{{ID: "base", Name: "Base"}, {ID: "gold", Name: "Gold", Threshold: 10}}}
		if _, err := d.SaveProgram(ctx, d.by, d.store, 0, p); err != nil {
			t.Fatal(err)
		}
		for _, o := range []offers.Offer{tiered, bonus} {
			saved, err := d.CreateOffer(ctx, d.by, store, o)
			if err != nil {
				t.Fatal(err)
			}
			if read, err := d.Offer(ctx, d.store, saved.ID); err != nil || read.Tier != o.Tier || read.Benefit.Points != o.Benefit.Points {
				t.Errorf("%+v, %v", read.Offer, err)
			}
		}
		tiered.Tier = "platinum"
		refused(tiered, "#/tier")
	})
}
