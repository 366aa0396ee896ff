package database_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/internal/database"
	"github.com/laurel-gateway/laurel/internal/shopify"
	"github.com/laurel-gateway/laurel/internal/tenant"
	"github.com/laurel-gateway/laurel/internal/testdb"
)

func TestShopifyStorage(t *testing.T) {
	testdb.Each(t, func(t *testing.T, db *database.DB) {
		s, kept, ctx := newStage(t, db), database.NewShopify(db), context.Background()
		if _, found, err := kept.Connection(ctx, s.store); found || err != nil {
			t.Fatalf("a connection before there is one: %v", err)
		}
		audit := tenant.AuditEntry{Store: s.store, Actor: "test", Action: "shopify.connected", Target: s.store}
		if _, err := kept.DeleteConnection(ctx, s.store, audit); !errors.Is(err, shopify.ErrNotConnected) {
			t.Errorf("deleted nothing: %v", err)
		}
		first, err := kept.SaveConnection(ctx, shopify.Connection{Store: s.store, Shop: "a.myshopify.com", Version: "2026-07", Currency: "USD", Sealed: "x"}, audit)
		if err != nil {
			t.Fatal(err)
		}
		second, err := kept.SaveConnection(ctx, shopify.Connection{Store: s.store, Shop: "b.myshopify.com", Version: "2026-07", Currency: "EUR", Sealed: "y"}, audit)
		if err != nil || second.Shop != "b.myshopify.com" || !second.CreatedAt.Equal(first.CreatedAt) {
			t.Errorf("changed to %+v, %v", second, err)
		}
		if n := s.count("SELECT COUNT(*) FROM audit WHERE action = 'shopify.connected'"); n != 2 {
			t.Errorf("%d audit entries", n)
		}

		until := time.Now().UTC().Add(time.Hour)
		code := shopify.Code{Store: s.store, JTI: "tok_1", MAC: []byte("mac-1"), ExpiresAt: until}
		asked, fresh, err := kept.Ask(ctx, code)
		if err != nil || !fresh || asked.State != shopify.Asked {
			t.Fatalf("%+v, %v, %v", asked, fresh, err)
		}
		asked.NodeID = "gid://shopify/DiscountCodeNode/1"
		if done, err := kept.Mark(ctx, asked); err != nil || done.State != shopify.Minted || done.NodeID != asked.NodeID {
			t.Errorf("%+v, %v", done, err)
		}
		if again, fresh, err := kept.Ask(ctx, code); err != nil || fresh || again.State != shopify.Minted || again.NodeID != asked.NodeID {
			t.Errorf("asked again: %+v, %v, %v", again, fresh, err)
		}
		// What is minted stays what it is.
		asked.NodeID = "gid://shopify/DiscountCodeNode/2"
		if done, err := kept.Mark(ctx, asked); err != nil || done.NodeID != "gid://shopify/DiscountCodeNode/1" {
			t.Errorf("marked again: %+v, %v", done, err)
		}
		found, err := kept.Tokens(ctx, s.store, [][]byte{[]byte("mac-1"), []byte("mac-2")})
		if err != nil || len(found) != 1 || found["mac-1"] != "tok_1" {
			t.Errorf("found %v, %v", found, err)
		}
		if found, err := kept.Tokens(ctx, "sto_other", [][]byte{[]byte("mac-1")}); err != nil || len(found) != 0 {
			t.Errorf("another store found %v, %v", found, err)
		}
		if n, err := kept.Sweep(ctx, time.Hour); err != nil || n != 0 {
			t.Errorf("swept %d, %v", n, err)
		}
		s.exec("UPDATE shopify_codes SET expires_at = ? WHERE store_id = ?", time.Now().UTC().Add(-2*time.Hour), s.store)
		if n, err := kept.Sweep(ctx, time.Hour); err != nil || n != 1 {
			t.Errorf("swept %d, %v", n, err)
		}
	})
}
