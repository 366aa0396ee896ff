package database

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/laurel-gateway/laurel/internal/crypt"
	"github.com/laurel-gateway/laurel/internal/reconcile"
	"github.com/laurel-gateway/laurel/internal/shopify"
	"github.com/laurel-gateway/laurel/offers"
	"github.com/laurel-gateway/laurel/offers/token"
)

// Reconciliation reads what a store knows of its orders, for package reconcile.
type Reconciliation struct {
	db    *DB
	store string
	keys  *crypt.StoreKeys
}

// NewReconciliation returns the books of one store. Its keys find codes, which are kept as keyed hashes only.
func NewReconciliation(db *DB, store string, keys *crypt.StoreKeys) Reconciliation {
	return Reconciliation{db, store, keys}
}

var _ reconcile.Books = Reconciliation{}

const knownOrders = `SELECT o.order_id, COALESCE(r.id, ''), o.currency, COALESCE(r.total, o.total), COALESCE(r.discount, 0), COALESCE(r.state, ''),
	o.body, o.refunded, o.placed_at FROM orders o LEFT JOIN redemptions r ON o.kind = 'redemption' AND r.store_id = o.store_id AND r.id = o.id `

// Orders implements reconcile.Books.
func (b Reconciliation) Orders(ctx context.Context, ids []string) (map[string]reconcile.Known, error) {
	out := make(map[string]reconcile.Known, len(ids))
	err := b.each(ctx, "o.store_id, o.order_id", inStore(b.store, ids), func(ctx context.Context, tx *Tx, cond string, args []any) error {
		return tx.rows(ctx, "orders", knownOrders+"WHERE o.kind <> '' AND "+cond, args, func(r *sql.Rows) error {
			k, err := scanKnown(r)
			out[k.OrderID] = k
			return err
		})
	})
	return out, err
}

// Page implements reconcile.Books.
func (b Reconciliation) Page(ctx context.Context, since, until time.Time, after string, limit int) ([]reconcile.Known, error) {
	where, args := "WHERE o.store_id = ? AND o.kind <> '' AND o.order_id > ?", []any{b.store, after}
	if !since.IsZero() {
		where, args = where+" AND o.placed_at >= ?", append(args, since.UTC())
	}
	if !until.IsZero() {
		where, args = where+" AND o.placed_at < ?", append(args, until.UTC())
	}
	var out []reconcile.Known
	err := b.db.view(ctx, func(ctx context.Context, tx *Tx) error {
		return tx.rows(ctx, "orders", knownOrders+where+" ORDER BY o.order_id LIMIT ?", append(args, limit), func(r *sql.Rows) error {
			k, err := scanKnown(r)
			out = append(out, k)
			return err
		})
	})
	return out, err
}

func scanKnown(r *sql.Rows) (reconcile.Known, error) {
	var k reconcile.Known
	var state, body, refunded string
	var placed sql.NullTime
	if err := r.Scan(&k.OrderID, &k.RedemptionID, &k.Currency, &k.Total, &k.Discount, &state, &body, &refunded, &placed); err != nil {
		return k, err
	}
	k.PlacedAt = placed.Time.UTC()
	switch {
	case state == string(offers.StatePartiallyRefunded):
		k.Refunded = reconcile.Part
	case state == string(offers.StateRefunded):
		k.Refunded = reconcile.All
	case k.RedemptionID != "":
		k.Refunded = reconcile.None
	default:
		var err error
		if k.Refunded, err = extentOf(body, refunded); err != nil {
			return k, fmt.Errorf("decode order %s: %w", k.OrderID, err)
		}
	}
	return k, nil
}

// extentOf tells how much of an order without offers came back.
func extentOf(body, refunded string) (reconcile.Extent, error) {
	var done offers.Refunded
	if err := decode(refunded, &done); err != nil {
		return "", err
	}
	var pinned offers.Pinned
	if err := decode(body, &pinned); err != nil {
		return "", err
	}
	part := false
	all := true
	for _, l := range pinned.Cart.Lines {
		part = part || done.Quantities[l.LineID] > 0
		all = all && done.Quantities[l.LineID] >= l.Quantity
	}
	switch {
	case !part:
		return reconcile.None, nil
	case all:
		return reconcile.All, nil
	}
	return reconcile.Part, nil
}

// spentOn says for which order a token was redeemed: its holder is the redemption, or a reservation that became one.
const spentOn = ` LEFT JOIN reservations v ON v.store_id = t.store_id AND v.id = t.holder
	LEFT JOIN redemptions r ON r.store_id = t.store_id AND r.id = COALESCE(NULLIF(v.redemption_id, ''), t.holder) `

// Tokens implements reconcile.Books. A text may be a short code, a discount code in the store's Shopify shop, an offer
// token, or the id of one.
func (b Reconciliation) Tokens(ctx context.Context, codes []string) (map[string]reconcile.Token, error) {
	byMAC, byID := map[string][]string{}, map[string][]string{}
	var short, shop, ids [][]any
	for _, text := range codes {
		if code, err := token.ParseCode(text); err == nil {
			mac := b.keys.CodeMAC(string(code))
			byMAC[string(mac)] = append(byMAC[string(mac)], text)
			short = append(short, []any{b.store, mac})
		}
		mac := b.keys.CodeMAC(shopify.NormalCode(text))
		byMAC[string(mac)] = append(byMAC[string(mac)], text)
		shop = append(shop, []any{b.store, mac})
		jti := text
		if found := token.IDOf(text); found != "" {
			jti = found
		}
		byID[jti] = append(byID[jti], text)
		ids = append(ids, []any{b.store, jti})
	}
	out := map[string]reconcile.Token{}
	note := func(named []string, t reconcile.Token) {
		for _, text := range named {
			out[text] = t
		}
	}
	err := b.tokens(ctx, "SELECT t.code_mac, t.jti, COALESCE(r.order_id, '') FROM offer_tokens t"+spentOn, "t.store_id, t.code_mac", short, byMAC, note)
	if err != nil {
		return nil, err
	}
	err = b.tokens(ctx, "SELECT c.code_mac, t.jti, COALESCE(r.order_id, '') FROM shopify_codes c JOIN offer_tokens t ON t.store_id = c.store_id AND t.jti = c.jti"+spentOn,
		"c.store_id, c.code_mac", shop, byMAC, note)
	if err != nil {
		return nil, err
	}
	return out, b.tokens(ctx, "SELECT t.jti, t.jti, COALESCE(r.order_id, '') FROM offer_tokens t"+spentOn, "t.store_id, t.jti", ids, byID, note)
}

func (b Reconciliation) tokens(ctx context.Context, query, cols string, keys [][]any, named map[string][]string, note func([]string, reconcile.Token)) error {
	return b.each(ctx, cols, keys, func(ctx context.Context, tx *Tx, cond string, args []any) error {
		return tx.rows(ctx, "offer_tokens", query+"WHERE "+cond, args, func(r *sql.Rows) error {
			var by []byte
			var t reconcile.Token
			if err := r.Scan(&by, &t.ID, &t.OrderID); err != nil {
				return err
			}
			note(named[string(by)], t)
			return nil
		})
	})
}

// Held implements reconcile.Books.
func (b Reconciliation) Held(ctx context.Context, refs []string) (map[string]reconcile.Held, error) {
	out := map[string]reconcile.Held{}
	err := b.each(ctx, "store_id, order_ref", inStore(b.store, refs), func(ctx context.Context, tx *Tx, cond string, args []any) error {
		return tx.rows(ctx, "reservations", "SELECT id, order_ref FROM reservations WHERE state IN ('held', 'expired') AND "+cond+" ORDER BY id", args, func(r *sql.Rows) error {
			var h reconcile.Held
			err := r.Scan(&h.ReservationID, &h.OrderRef)
			out[h.OrderRef] = h
			return err
		})
	})
	return out, err
}

func inStore(store string, values []string) [][]any {
	out := make([][]any, len(values))
	for i, v := range values {
		out[i] = []any{store, v}
	}
	return out
}

// each asks for many keys in as few statements as the limits of parameters allow.
func (b Reconciliation) each(ctx context.Context, cols string, keys [][]any, ask func(ctx context.Context, tx *Tx, cond string, args []any) error) error {
	return b.db.view(ctx, func(ctx context.Context, tx *Tx) error {
		for chunk := range chunks(keys, 2) {
			cond, args := tx.in(cols, chunk)
			if err := ask(ctx, tx, cond, args); err != nil {
				return err
			}
		}
		return nil
	})
}
