package database

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/laurel-gateway/laurel/internal/privacy"
	"github.com/laurel-gateway/laurel/verify"
)

// recorded says where the records of a kind are: no hashes, tags, sealed texts or names of staff among the columns.
type recorded struct {
	table, key, at string
	columns        []string
	// json are those of the columns that hold JSON.
	json []string
	// customer and guest pick the rows of a shopper. Each ? is the store or the shopper, in turns; empty has none.
	customer, guest string
	// counted picks what is counted of a customer, where that is less than all because nothing leads to the rest at once.
	counted string
}

const (
	boundTo       = "store_id = ? AND customer = ? AND bound"
	thisOne       = "store_id = ? AND id = ?"
	ofBound       = "(store_id, verification_id) IN (SELECT store_id, id FROM verifications WHERE store_id = ? AND customer = ? AND bound)"
	ofThis        = "store_id = ? AND verification_id = ?"
	ofAttested    = "(store_id, attestation_id) IN (SELECT store_id, id FROM attestations WHERE store_id = ? AND customer = ? AND bound)"
	ofAttestation = "(store_id, attestation_id) IN (SELECT store_id, id FROM attestations WHERE store_id = ? AND verification_id = ?)"
	named         = "store_id = ? AND customer = ?"
	redeemed      = "(store_id, order_id) IN (SELECT store_id, order_id FROM redemptions WHERE store_id = ? AND customer = ?)"
	ordered       = "(store_id, order_id) IN (SELECT store_id, order_id FROM orders WHERE store_id = ? AND customer = ?)"
	ledgered      = "(store_id, order_id) IN (SELECT e.store_id, e.source_id FROM ledger_entries e JOIN members m ON m.store_id = e.store_id AND m.id = e.member_id " +
		"WHERE m.store_id = ? AND m.customer = ? AND e.source_type = 'order')"
	reserved = "(store_id, id) IN (SELECT store_id, reservation_id FROM redemptions WHERE store_id = ? AND customer = ?)"
	belongs  = "(store_id, member_id) IN (SELECT store_id, id FROM members WHERE store_id = ? AND customer = ?)"
)

func list(names string) []string { return strings.Split(names, " ") }

var recordsOf = map[string]recorded{
	"verification": {table: "verifications", key: "id", at: "created_at", customer: boundTo, guest: thisOne,
		columns: list("id group_name subgroup offer_id customer state policy_id policy_version detail attestation_id created_at updated_at expires_at decided_at"), json: list("detail")},
	"evidence": {table: "evidence", key: "id", at: "created_at", customer: ofBound, guest: ofThis,
		columns: list("id verification_id requirement verifier classes group_name subgroup organisation facts valid_until created_at"), json: list("classes facts")},
	"review": {table: "reviews", key: "id", at: "opened_at", customer: ofBound, guest: ofThis,
		columns: list("id verification_id requirement why outcome opened_at decided_at"), json: list("why")},
	"document": {table: "documents", key: "id", at: "created_at", customer: ofBound, guest: ofThis,
		columns: list("id verification_id state media_type size created_at submitted_at delete_at deleted_at")},
	"receipt": {table: "decision_receipts", key: "id", at: "created_at", customer: ofBound, guest: ofThis,
		columns: list("id verification_id decided jws created_at")},
	"attestation": {table: "attestations", key: "id", at: "created_at", customer: boundTo, guest: ofThis,
		columns: list("id verification_id customer group_name subgroup organisation classes policy_id valid_until created_at ended_at end_reason"), json: list("classes")},
	"fraud_label": {table: "fraud_marks", key: "id", at: "created_at", customer: ofAttested, guest: ofAttestation,
		columns: list("id attestation_id label created_at")},
	"consent": {table: "marketing_consents", key: "id", at: "created_at", customer: named,
		columns: list("id verification_id granted version locale source created_at")},
	"offer_token": {table: "offer_tokens", key: "jti", at: "issued_at", customer: named, guest: ofAttestation, counted: ofAttested,
		columns: list("jti offer_id group_name attestation_id state issued_at expires_at")},
	"reservation": {table: "reservations", key: "id", at: "created_at", customer: reserved,
		columns: list("id order_ref state redemption_id body created_at expires_at"), json: list("body")},
	"redemption": {table: "redemptions", key: "id", at: "created_at", customer: named,
		columns: list("id order_id state currency discount total points body refunded created_at"), json: list("body refunded")},
	"order": {table: "orders", key: "order_id", at: "recorded_at", customer: named, counted: ledgered,
		columns: list("order_id id kind currency total points body refunded placed_at recorded_at"), json: list("body refunded")},
	"refund": {table: "refunds", key: "id", at: "created_at", customer: ordered, counted: redeemed,
		columns: list("id order_id refund_ref body created_at"), json: list("body")},
	"member": {table: "members", key: "id", at: "created_at", customer: named,
		columns: list("id pending available debt tier_id tier_since created_at")},
	"ledger_entry": {table: "ledger_entries", key: "id", at: "recorded_at", customer: belongs,
		columns: list("id seq kind from_account to_account points source_type source_id reason occurred_at recorded_at")},
	"request": {table: "privacy_requests", key: "id", at: "created_at", customer: named,
		columns: list("id kind state asked_by created_at done_at")},
}

// where returns the condition on the rows of a shopper; false when they can have none.
func (r recorded) where(s privacy.Subject) (string, string, bool) {
	if s.Verification != "" {
		return r.guest, s.Verification, r.guest != ""
	}
	return r.customer, s.Customer, true
}

// Records implements privacy.Tx.
func (t *privacyTx) Records(ctx context.Context, s privacy.Subject, kind, after string, limit int) ([]privacy.Record, error) {
	if kind == collectedKind {
		return t.collectedRecords(ctx, s, after, limit)
	}
	r, ok := recordsOf[kind]
	if !ok {
		return nil, fmt.Errorf("export: there is no kind %q", kind)
	}
	where, shopper, some := r.where(s)
	if !some {
		return nil, nil
	}
	var out []privacy.Record
	query := "SELECT " + r.at + ", " + strings.Join(r.columns, ", ") + " FROM " + r.table + " WHERE " + where + " AND " + r.key + " > ? ORDER BY " + r.key + " LIMIT ?"
	err := t.rows(ctx, r.table, query, []any{t.store, shopper, after, limit}, func(rows *sql.Rows) error {
		record, err := r.record(kind, rows)
		out = append(out, record)
		return err
	})
	return out, err
}

func (r recorded) record(kind string, rows *sql.Rows) (privacy.Record, error) {
	var at sql.NullTime
	values, into := make([]any, len(r.columns)), make([]any, len(r.columns)+1)
	into[0] = &at
	for i := range values {
		into[i+1] = &values[i]
	}
	out := privacy.Record{Kind: kind}
	if err := rows.Scan(into...); err != nil {
		return out, err
	}
	data := map[string]any{}
	for i, column := range r.columns {
		v := plain(values[i])
		s, isText := v.(string)
		if isText && column == r.key {
			out.ID = s
		}
		if isText && s != "" && slices.Contains(r.json, column) {
			var whole any
			exact := json.NewDecoder(strings.NewReader(s))
			exact.UseNumber()
			if err := exact.Decode(&whole); err != nil {
				return out, fmt.Errorf("decode a column: %w", err)
			}
			v = withoutTags(whole)
		}
		data[column] = v
	}
	out.At = at.Time.UTC()
	var err error
	out.Data, err = json.Marshal(data)
	return out, err
}

// withoutTags leaves out what the limits on a person are counted by: tags and counters are no data of the shopper's that
// they could read anything from, and whoever has a tag could look for it.
func withoutTags(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for _, name := range []string{"person_tags", "counters", "last"} {
			delete(v, name)
		}
		for name, inner := range v {
			v[name] = withoutTags(inner)
		}
	case []any:
		for i, inner := range v {
			v[i] = withoutTags(inner)
		}
	}
	return v
}

// plain is a column's value as JSON has it.
func plain(v any) any {
	switch v := v.(type) {
	case []byte:
		return string(v)
	case time.Time:
		return v.UTC()
	}
	return v
}

// Holdings implements privacy.Tx.
func (t *privacyTx) Holdings(ctx context.Context, s privacy.Subject, kind string) (privacy.Holdings, error) {
	h := privacy.Holdings{Kind: kind}
	r, ok := recordsOf[kind]
	if kind == collectedKind {
		r, ok = recorded{table: "collected", at: "created_at", customer: ofBound, guest: ofThis}, true
	}
	if !ok {
		return h, fmt.Errorf("export: there is no kind %q", kind)
	}
	where, shopper, some := r.where(s)
	if !some {
		return h, nil
	}
	if s.Customer != "" && r.counted != "" {
		where = r.counted
	}
	err := t.rows(ctx, r.table, "SELECT COUNT(*) FROM "+r.table+" WHERE "+where, []any{t.store, shopper}, func(rows *sql.Rows) error {
		return rows.Scan(&h.Count)
	})
	if err != nil || h.Count == 0 {
		return h, err
	}
	h.Since, err = t.oldest(ctx, r.table, r.at, r.at, where, t.store, shopper)
	return h, err
}

// oldest returns the time in a column of the first row of an order, or zero.
func (t *privacyTx) oldest(ctx context.Context, table, column, order, where string, args ...any) (time.Time, error) {
	var row struct{ At *time.Time }
	_, err := t.one(ctx, &row, "SELECT "+column+" AS at FROM "+table+" WHERE "+where+" AND "+column+" IS NOT NULL ORDER BY "+order+" LIMIT 1", args...)
	return orZero(row.At), err
}

// collectedKind is what a shopper typed. It is kept encrypted, and opened for the shopper.
const collectedKind = "collected"

func (t *privacyTx) collectedRecords(ctx context.Context, s privacy.Subject, after string, limit int) ([]privacy.Record, error) {
	where, shopper, _ := recorded{customer: ofBound, guest: ofThis}.where(s)
	var rows []struct {
		VerificationID, Requirement string
		Sealed                      []byte
		CreatedAt                   time.Time
	}
	verification, requirement, _ := strings.Cut(after, "|")
	err := t.query(ctx, &rows, "SELECT verification_id, requirement, sealed, created_at FROM collected WHERE "+where+
		" AND (verification_id, requirement) > (?, ?) ORDER BY verification_id, requirement LIMIT ?", t.store, shopper, verification, requirement, limit)
	if err != nil {
		return nil, fmt.Errorf("read what was collected: %w", err)
	}
	out := make([]privacy.Record, len(rows))
	for i, r := range rows {
		fields, err := t.sealer.Open(r.Sealed, verify.CollectedContext(r.VerificationID, verify.Requirement(r.Requirement)))
		if err != nil {
			return nil, fmt.Errorf("open what was collected: %w", err)
		}
		data, err := json.Marshal(map[string]any{"verification_id": r.VerificationID, "requirement": r.Requirement, "fields": json.RawMessage(fields),
			"created_at": r.CreatedAt.UTC()})
		if err != nil {
			return nil, err
		}
		out[i] = privacy.Record{Kind: collectedKind, ID: r.VerificationID + "|" + r.Requirement, At: r.CreatedAt.UTC(), Data: data}
	}
	return out, nil
}
