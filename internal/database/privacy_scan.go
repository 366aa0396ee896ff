package database

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/laurel-gateway/laurel/internal/privacy"
)

// scanned is a table in which a customer is not found by an index, so that it is looked through by its key.
type scanned struct {
	step       privacy.Step
	class      string
	table, key string
	// json is the column of JSON, with the members in which a customer may stand.
	json    string
	members []string
	// whole are the columns that are a customer, or "customer:" and a customer.
	whole []string
	// also is set beside; its arguments follow.
	also string
}

var scans = []scanned{
	{step: privacy.StepOrders, class: "orders", table: "orders", key: "order_id", json: "body", members: []string{"customer", "subject"}, whole: []string{"customer"},
		also: "fingerprint = CAST('erased' AS BYTES)"},
	{step: privacy.StepUses, table: "redemption_uses", key: "redemption_id", whole: []string{"customer"}},
	{step: privacy.StepTokens, class: "offer_tokens", table: "offer_tokens", key: "jti", whole: []string{"customer", "subject"},
		also: "state = CASE WHEN state = 'live' THEN 'revoked' ELSE state END, sealed = CASE WHEN state = 'held' THEN sealed ELSE CAST('erased' AS BYTES) END, pool_code = NULL"},
	{step: privacy.StepReservations, class: "reservations", table: "reservations", key: "id", json: "body", members: []string{"customer", "subject"}},
	{step: privacy.StepEvents, class: "events", table: "outbox", key: "id", json: "payload", members: []string{"customer", "from_customer", "to_customer"}, whole: []string{"ordering"}},
	{step: privacy.StepDeliveries, class: "webhook_deliveries", table: "webhook_deliveries", key: "id", json: "payload",
		members: []string{"customer", "from_customer", "to_customer"}, whole: []string{"ordering"}},
	{step: privacy.StepAudit, class: "audit", table: "audit", key: "id", json: "changes",
		members: []string{"customer", "from_customer", "to_customer", "from", "to"}, whole: []string{"actor", "target"}},
}

// eraseScanned looks through the next rows of a table.
func (t *privacyTx) eraseScanned(ctx context.Context, s scanned, r privacy.Request, limit int) (privacy.Portion, error) {
	const rows = 8 // Most rows are somebody else's: they cost little.
	p := privacy.Portion{Removed: map[string]int64{}}
	var keys []struct{ Key string }
	err := t.query(ctx, &keys, "SELECT "+s.key+" AS key FROM "+s.table+" WHERE store_id = ? AND "+s.key+" > ? ORDER BY "+s.key+" LIMIT ?",
		t.store, r.After, limit*rows)
	if err != nil || len(keys) == 0 {
		return p, err
	}
	p.After, p.More = keys[len(keys)-1].Key, len(keys) == limit*rows
	set, where, args := t.renaming(s, r.Subject.Customer, r.Pseudonym)
	n, err := t.exec(ctx, "UPDATE "+s.table+" SET "+set+" WHERE store_id = ? AND "+s.key+" > ? AND "+s.key+" <= ? AND ("+where+")",
		slices.Concat(args[0], []any{t.store, r.After, p.After}, args[1])...)
	if err != nil {
		return p, fmt.Errorf("look through %s: %w", s.table, err)
	}
	if s.class != "" {
		p.Removed[s.class] = n
	}
	return p, nil
}

// renaming returns what to set and which rows to set it in, each with its arguments.
func (t *privacyTx) renaming(s scanned, from, to string) (set, where string, args [2][]any) {
	var sets, wheres []string
	for _, column := range s.whole {
		sets = append(sets, column+" = CASE WHEN "+column+" = ? THEN ? WHEN "+column+" = ? THEN ? ELSE "+column+" END")
		args[0] = append(args[0], from, to, "customer:"+from, "customer:"+to)
		wheres = append(wheres, column+" IN (?, ?)")
		args[1] = append(args[1], from, "customer:"+from)
	}
	if s.json != "" {
		expression, values := t.renamed(s.json, from, to, s.members...)
		sets, args[0] = append(sets, s.json+" = "+expression), append(args[0], values...)
		for _, whole := range []string{from, "customer:" + from} {
			for _, q := range quotes(whole) {
				wheres, args[1] = append(wheres, t.position()+"("+s.json+", ?) > 0"), append(args[1], q)
			}
		}
	}
	if s.also != "" {
		bytesType := "blob"
		if t.Dialect() == PostgreSQL {
			bytesType = "bytea"
		}
		sets = append(sets, strings.ReplaceAll(s.also, "BYTES", bytesType))
	}
	return strings.Join(sets, ", "), strings.Join(wheres, " OR "), args
}

// position is the function that finds a text in another.
func (tx *Tx) position() string {
	if tx.db.dialect == PostgreSQL {
		return "strpos"
	}
	return "instr"
}

// plainJSON is a text in JSON without HTML escapes.
func plainJSON(s string) string {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(s); err != nil {
		// Texts always encode.
		panic(err)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// eraseTraces ends the sessions of a customer and puts the pseudonym into consents and earlier requests.
func (t *privacyTx) eraseTraces(ctx context.Context, r privacy.Request) (privacy.Portion, error) {
	p := privacy.Portion{Removed: map[string]int64{}}
	from, to := r.Subject.Customer, r.Pseudonym
	for _, part := range []struct {
		class, query string
		args         []any
	}{
		{"customer_sessions", "DELETE FROM customer_sessions WHERE store_id = ? AND customer = ?", []any{t.store, from}},
		{"consents", "UPDATE marketing_consents SET customer = ?, locale = '', granted = ?, source = 'erasure' WHERE store_id = ? AND customer = ?", []any{to, false, t.store, from}},
		{"requests", "UPDATE privacy_requests SET customer = ? WHERE store_id = ? AND customer = ? AND id <> ?", []any{to, t.store, from, r.ID}},
	} {
		n, err := t.exec(ctx, part.query, part.args...)
		if err != nil {
			return p, fmt.Errorf("forget %s: %w", part.class, err)
		}
		p.Removed[part.class] = n
	}
	return p, nil
}
