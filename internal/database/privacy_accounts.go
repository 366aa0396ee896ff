package database

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/laurel-gateway/laurel/internal/outbox"
	"github.com/laurel-gateway/laurel/internal/privacy"
)

// accountOrders picks the orders that the ledger or a redemption of a customer names. The rest has no place in the books
// and is found by looking through.
const accountOrders = "order_id IN (SELECT e.source_id FROM ledger_entries e JOIN members m ON m.store_id = e.store_id AND m.id = e.member_id " +
	"WHERE m.store_id = ? AND m.customer = ? AND e.source_type = 'order' UNION SELECT order_id FROM redemptions WHERE store_id = ? AND customer = ?)"

// accountReservations picks the reservations that a customer's redemptions, holds and tokens name.
const accountReservations = "id IN (SELECT reservation_id FROM redemptions WHERE store_id = ? AND customer = ? AND reservation_id <> '' " +
	"UNION SELECT h.reservation_id FROM offer_holds h JOIN offers o ON o.store_id = h.store_id AND o.id = h.offer_id " +
	"WHERE h.store_id = ? AND h.scope = 'customer' AND h.subject = ?)"

// eraseAccounts puts the pseudonym where the customer stands in the store's accounts: in one transaction, so that an order
// and the member that it credits never have different names. The ledger's entries stay as they are but for what somebody
// wrote by hand; their hashes rest on commitments, whose salt goes.
func (t *privacyTx) eraseAccounts(ctx context.Context, r privacy.Request) (privacy.Portion, error) {
	p := privacy.Portion{Removed: map[string]int64{}}
	from, to := r.Subject.Customer, r.Pseudonym
	member := to
	if taken, err := t.memberThere(ctx, to); err != nil {
		return p, err
	} else if taken {
		// The customer came back while the steps ran. Two members' books are not added up.
		member = privacy.NewPseudonym()
	}
	if err := t.revokeSlots(ctx, from, to, p.Removed); err != nil {
		return p, err
	}
	body, bodyArgs := t.renamed("body", from, member, "customer", "subject")
	for _, part := range []struct {
		class, query string
		args         []any
	}{
		// Locks first what commands that earn lock, too.
		{"members", "UPDATE members SET salt = ? WHERE store_id = ? AND customer = ?", []any{[]byte{}, t.store, from}},
		{"reservations", "UPDATE reservations SET body = " + body + " WHERE store_id = ? AND " + accountReservations,
			append(slices.Clone(bodyArgs), t.store, t.store, from, t.store, from)},
		{"orders", "UPDATE orders SET customer = ?, fingerprint = ?, body = " + body + " WHERE store_id = ? AND customer = ? AND " + accountOrders,
			slices.Concat([]any{member, []byte(gone)}, bodyArgs, []any{t.store, from, t.store, from, t.store, from})},
		{"", "UPDATE redemption_uses SET customer = ? WHERE store_id = ? AND customer = ? AND redemption_id IN (SELECT id FROM redemptions WHERE store_id = ? AND customer = ?)",
			[]any{member, t.store, from, t.store, from}},
		{"redemptions", "UPDATE redemptions SET customer = ?, body = " + body + " WHERE store_id = ? AND customer = ?",
			slices.Concat([]any{member}, bodyArgs, []any{t.store, from})},
		{"limits", "INSERT INTO offer_counters (store_id, offer_id, scope, subject, period, used, held) " +
			"SELECT store_id, offer_id, scope, ?, period, used, held FROM offer_counters WHERE store_id = ? AND scope = 'customer' AND subject = ? " +
			"AND offer_id IN (SELECT id FROM offers WHERE store_id = ?) " +
			"ON CONFLICT (store_id, offer_id, scope, subject, period) DO UPDATE SET used = offer_counters.used + EXCLUDED.used, held = offer_counters.held + EXCLUDED.held",
			[]any{member, t.store, from, t.store}},
		{"", "DELETE FROM offer_counters WHERE store_id = ? AND scope = 'customer' AND subject = ? AND offer_id IN (SELECT id FROM offers WHERE store_id = ?)",
			[]any{t.store, from, t.store}},
		{"", "UPDATE offer_holds SET subject = ? WHERE store_id = ? AND scope = 'customer' AND subject = ? AND offer_id IN (SELECT id FROM offers WHERE store_id = ?)",
			[]any{member, t.store, from, t.store}},
		{"", "UPDATE ledger_entries SET reason = '', actor = CASE WHEN actor = ? THEN ? ELSE actor END WHERE store_id = ? AND member_id IN (SELECT id FROM members WHERE store_id = ? AND customer = ?)",
			[]any{"customer:" + from, "customer:" + member, t.store, t.store, from}},
		{"", "UPDATE members SET customer = ? WHERE store_id = ? AND customer = ?", []any{member, t.store, from}},
	} {
		n, err := t.exec(ctx, part.query, part.args...)
		if err != nil {
			return p, fmt.Errorf("put a pseudonym into the accounts: %w", err)
		}
		if part.class != "" {
			p.Removed[part.class] += n
		}
	}
	return p, nil
}

func (t *privacyTx) memberThere(ctx context.Context, customer string) (bool, error) {
	var row struct{ ID string }
	return t.one(ctx, &row, "SELECT id FROM members WHERE store_id = ? AND customer = ?", t.store, customer)
}

// revokeSlots takes the tokens out of force that were given to a customer last, and frees their places.
func (t *privacyTx) revokeSlots(ctx context.Context, from, to string, removed map[string]int64) error {
	const slots = " FROM offer_token_slots WHERE store_id = ? AND subject = ? AND offer_id IN (SELECT id FROM offers WHERE store_id = ?)"
	subject := "customer:" + from
	var events []outbox.Event
	err := t.rows(ctx, "offer_tokens", "UPDATE offer_tokens SET state = 'revoked' WHERE store_id = ? AND state = 'live' AND jti IN (SELECT jti"+slots+
		") RETURNING jti, offer_id", []any{t.store, t.store, subject, t.store}, func(r *sql.Rows) error {
		var jti, offer string
		if err := r.Scan(&jti, &offer); err != nil {
			return err
		}
		payload, err := encode(map[string]any{"jti": jti, "offer_id": offer, "attestation_id": "", "reason": "erased"})
		events = append(events, outbox.Event{Store: t.store, Type: "offer_token.revoked", Ordering: to, Payload: []byte(payload)})
		return err
	})
	if err != nil {
		return err
	}
	n, err := t.exec(ctx, "DELETE"+slots, t.store, subject, t.store)
	if err != nil {
		return fmt.Errorf("free the places of tokens: %w", err)
	}
	removed["offer_tokens"] += n
	return t.AppendEvents(ctx, events)
}

// renamed is an expression for a column of JSON in which one customer's reference is replaced by another, wherever it is
// the whole value of one of these members, and the expression's arguments. JSON of ours has no spaces; a text is written
// with or without HTML escapes.
func (t *privacyTx) renamed(column, from, to string, members ...string) (string, []any) {
	expression, args := column, []any(nil)
	for _, pair := range [][2]string{{from, to}, {"customer:" + from, "customer:" + to}} {
		old := quotes(pair[0])
		for _, member := range members {
			for _, q := range old {
				expression = "replace(" + expression + ", ?, ?)"
				args = append(args, `"`+member+`":`+q, `"`+member+`":"`+pair[1]+`"`)
			}
		}
	}
	return expression, args
}

// quotes returns the ways in which a text may stand in JSON of ours.
func quotes(s string) []string {
	escaped, err := json.Marshal(s)
	if err != nil {
		// Texts always marshal.
		panic(err)
	}
	out := []string{string(escaped)}
	if plain := plainJSON(s); plain != out[0] {
		out = append(out, plain)
	}
	return out
}
