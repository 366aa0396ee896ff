package database_test

import (
	"testing"

	"github.com/laurel-gateway/laurel/internal/checkout"
	"github.com/laurel-gateway/laurel/internal/console"
	"github.com/laurel-gateway/laurel/internal/database"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/internal/id"
	"github.com/laurel-gateway/laurel/internal/testdb"
)

func newID(prefix string) string { return id.New(prefix) }

// earn is a command that gives a customer 50 points.
func earn(t *testing.T, s *stage, customer string) checkout.Command {
	t.Helper()
	return checkout.AdjustPoints{Customer: customer, Points: 50, Reason: "gift", Reference: newID("ref"), Actor: "test"}
}

func TestAnAdjustmentIsBookedAndAuditedOnce(t *testing.T) {
	testdb.Each(t, func(t *testing.T, db *database.DB) {
		d, ctx := newDesk(t, db), t.Context()
		storage := database.NewConsole(db)
		entry, err := d.by.Entry(d.store, "member.adjusted", "c-1", nil, map[string]any{"points": 70})
		if err != nil {
			t.Fatal(err)
		}
		a := checkout.AdjustPoints{Customer: "c-1", Points: 70, Reason: "goodwill", Reference: "t-1", Actor: d.by.Actor}
		m, err := storage.AdjustPoints(ctx, d.store, a, entry)
		if err != nil || m.Available != 70 {
			t.Fatalf("%+v, %v", m, err)
		}
		_, err = storage.AdjustPoints(ctx, d.store, a, entry)
		code(t, err, fault.LedgerSourceConflict)
		log, err := d.AuditLog(ctx, d.store, console.AuditFilter{}, "", 10)
		if err != nil || len(log) != 1 || log[0].Action != "member.adjusted" || log[0].Target != "c-1" || string(log[0].Changes) != `{"after":{"points":70}}` {
			t.Errorf("%+v, %v", log, err)
		}
		members, err := storage.LoyaltyMembers(ctx, d.store, console.MemberFilter{Search: "c-"}, "", 10)
		if err != nil || len(members) != 1 || members[0].Available != 70 || members[0].Since.IsZero() {
			t.Errorf("%+v, %v", members, err)
		}
		for _, f := range []console.MemberFilter{{Search: "d"}, {Tier: "gold"}} {
			if members, err := storage.LoyaltyMembers(ctx, d.store, f, "", 10); err != nil || len(members) != 0 {
				t.Errorf("%+v: %+v, %v", f, members, err)
			}
		}
		d.balanced()
	})
}
