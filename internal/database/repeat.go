package database

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/laurel-gateway/laurel/internal/checkout"
)

var repeatRow = newTable("idempotency_keys", 2, "store_id text, key_mac bytea, fingerprint bytea, attempt text, status bigint, answer bytea, "+
	"jti text, offer_id text, offer_version bigint, customer text, group_name text, subgroup text, store_now timestamptz, created_at timestamptz")

// Repeat implements checkout.RepeatStorage: one statement that claims the keys of those whose token is still good.
func (c Checkout) Repeat(ctx context.Context, batch []checkout.Repeat) ([]bool, error) {
	won := map[string]bool{}
	run := func(ctx context.Context, tx *Tx) error {
		clear(won)
		return tx.repeat(ctx, batch, won)
	}
	var err error
	if c.db.dialect == SQLite {
		err = c.db.Run(ctx, run)
	} else {
		// One statement is a transaction of its own.
		err = c.db.translate(c.db.alone(ctx, run))
	}
	if err != nil {
		return nil, err
	}
	done := make([]bool, len(batch))
	for i, r := range batch {
		key := claimKey(r.Request.Store, r.Request.KeyMAC)
		// Of two with the same key the first one of the batch has it.
		done[i] = won[key]
		delete(won, key)
	}
	return done, nil
}

func (tx *Tx) repeat(ctx context.Context, batch []checkout.Repeat, won map[string]bool) error {
	rows := make([][]any, 0, len(batch))
	seen := map[string]bool{}
	for _, r := range batch {
		key := claimKey(r.Request.Store, r.Request.KeyMAC)
		if seen[key] {
			continue
		}
		seen[key] = true
		sealed, err := r.Request.Seal(encodeAnswer(r.Answer))
		if err != nil {
			return fmt.Errorf("seal answer: %w", err)
		}
		rows = append(rows, []any{r.Request.Store, r.Request.KeyMAC, r.Request.Fingerprint, r.Request.Attempt, r.Answer.Status, sealed,
			r.JTI, r.OfferID, r.OfferVersion, r.Customer, r.Group, r.Subgroup, r.Now.UTC(), tx.now})
	}
	source, args := "VALUES "+placeholders(len(rows), len(repeatRow.cols)), []any(nil)
	if tx.db.dialect == SQLite {
		args = flatten(rows)
	} else {
		source = "SELECT * FROM " + unnest(repeatRow.cols)
		var err error
		if args, err = columnArrays(repeatRow.cols, rows); err != nil {
			return fmt.Errorf("repeat: %w", err)
		}
	}
	// The statement decides on the store's time as the asking process knows it. Redeeming decides again, on the database's.
	q := "WITH r (" + names(repeatRow.cols) + ") AS (" + source + ") " + repeatInsert
	return tx.rows(ctx, "idempotency_keys", q, args, func(r *sql.Rows) error {
		var store string
		var mac []byte
		err := r.Scan(&store, &mac)
		won[claimKey(store, mac)] = true
		return err
	})
}

// repeatInsert claims for those whose token, proof and offer are as the answer says.
const repeatInsert = `INSERT INTO idempotency_keys (store_id, key_mac, fingerprint, attempt, status, answer, created_at)
SELECT r.store_id, r.key_mac, r.fingerprint, r.attempt, r.status, r.answer, r.created_at
FROM r
JOIN offer_tokens t ON t.store_id = r.store_id AND t.jti = r.jti AND t.offer_id = r.offer_id AND t.state IN ('live', 'held') AND t.expires_at > r.store_now
JOIN offers o ON o.store_id = r.store_id AND o.id = r.offer_id AND o.version = r.offer_version AND o.state = 'live'
LEFT JOIN attestations a ON a.store_id = t.store_id AND a.id = t.attestation_id
WHERE t.attestation_id = '' OR (a.ended_at IS NULL AND a.valid_until > r.store_now
	AND (r.customer = '' OR a.bound AND a.customer = r.customer)
	AND (r.group_name = '' OR a.group_name = r.group_name AND (r.subgroup = '' OR a.subgroup = r.subgroup)))
ON CONFLICT DO NOTHING
RETURNING store_id, key_mac`
