package database

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"github.com/laurel-gateway/laurel/internal/console"
	"github.com/laurel-gateway/laurel/offers"
	"github.com/laurel-gateway/laurel/verify"
)

var _ console.Lists = Console{}

// LoyaltyMembers implements console.Lists.
func (c Console) LoyaltyMembers(ctx context.Context, store string, f console.MemberFilter, after string, limit int) ([]console.MemberSummary, error) {
	q := newPage("SELECT customer, id, available, pending, debt, tier_id, created_at FROM members", "store_id = ? AND seq > 0", store)
	if f.Search != "" {
		q.and("substr(customer, 1, ?) = ?", len([]rune(f.Search)), f.Search)
	}
	q.equals("tier_id", f.Tier)
	q.after("customer", after)
	var rows []struct {
		Customer, ID             string
		Available, Pending, Debt int64
		TierID                   string
		CreatedAt                *time.Time
	}
	err := c.db.Read(ctx, func(ctx context.Context, tx *Tx) error { return q.scan(ctx, tx, &rows, "customer", limit) })
	out := make([]console.MemberSummary, len(rows))
	for i, r := range rows {
		out[i] = console.MemberSummary{Customer: r.Customer, ID: r.ID, Available: r.Available, Pending: r.Pending, Debt: r.Debt, TierID: r.TierID}
		if r.CreatedAt != nil {
			out[i].Since = r.CreatedAt.UTC()
		}
	}
	return out, err
}

// Redemptions implements console.Lists. Only one that is asked for by its id is told its order_ref.
func (c Console) Redemptions(ctx context.Context, store string, f console.RedemptionFilter, before string, limit int) ([]offers.Redemption, error) {
	cols := "r." + strings.ReplaceAll(redemptionColumns, ", ", ", r.")
	q := newPage("SELECT "+cols+" FROM redemptions r", "r.store_id = ?", store)
	if f.OfferID != "" {
		q.from += " JOIN redemption_uses u ON u.store_id = r.store_id AND u.redemption_id = r.id"
		q.and("u.offer_id = ?", f.OfferID)
	}
	q.equals("r.id", f.ID)
	q.equals("r.order_id", f.OrderID)
	q.equals("r.customer", f.Customer)
	q.before("r.id", before)
	out := []offers.Redemption{}
	err := c.db.Read(ctx, func(ctx context.Context, tx *Tx) error {
		out = out[:0]
		query, args := q.sql("r.id DESC", limit)
		err := tx.rows(ctx, "redemptions", query, args, func(r *sql.Rows) error {
			v, err := scanRedemption(r)
			if err == nil {
				out = append(out, *v)
			}
			return err
		})
		if err != nil || f.ID == "" || len(out) == 0 {
			return err
		}
		var row struct{ OrderRef string }
		_, err = tx.one(ctx, &row, "SELECT order_ref FROM reservations WHERE store_id = ? AND id = ?", store, out[0].ReservationID)
		out[0].OrderRef = row.OrderRef
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read redemptions: %w", err)
	}
	return out, nil
}

// Refunds implements console.Lists.
func (c Console) Refunds(ctx context.Context, store, orderID string) ([]console.RefundSummary, error) {
	var rows []struct {
		ID, RefundRef, Body string
		CreatedAt           time.Time
	}
	err := c.db.Read(ctx, func(ctx context.Context, tx *Tx) error {
		return tx.query(ctx, &rows, "SELECT id, refund_ref, body, created_at FROM refunds WHERE store_id = ? AND order_id = ? ORDER BY id", store, orderID)
	})
	if err != nil {
		return nil, fmt.Errorf("read refunds: %w", err)
	}
	out := make([]console.RefundSummary, len(rows))
	for i, r := range rows {
		out[i] = console.RefundSummary{ID: r.ID, Ref: r.RefundRef, CreatedAt: r.CreatedAt.UTC()}
		if err := decode(r.Body, &out[i].Reversal); err != nil {
			return nil, fmt.Errorf("decode refund %s: %w", r.ID, err)
		}
	}
	return out, nil
}

// Verifications implements console.Lists. States are those that are written: a job writes expiry down.
func (c Console) Verifications(ctx context.Context, store string, f console.VerificationFilter, before string, limit int) ([]console.VerificationSummary, error) {
	q := newPage("SELECT id, state, group_name, subgroup, customer, offer_id, attestation_id, created_at, updated_at, expires_at, decided_at FROM verifications",
		"store_id = ?", store)
	q.equals("state", string(f.State))
	q.equals("group_name", f.Group)
	q.before("id", before)
	var rows []struct {
		ID, State, GroupName, Subgroup, Customer, OfferID, AttestationID string
		CreatedAt, UpdatedAt, ExpiresAt                                  time.Time
		DecidedAt                                                        *time.Time
	}
	err := c.db.Read(ctx, func(ctx context.Context, tx *Tx) error { return q.scan(ctx, tx, &rows, "id DESC", limit) })
	if err != nil {
		return nil, err
	}
	out := make([]console.VerificationSummary, len(rows))
	for i, r := range rows {
		out[i] = console.VerificationSummary{ID: r.ID, State: verify.State(r.State), Group: r.GroupName, Subgroup: r.Subgroup,
			Customer: r.Customer, OfferID: r.OfferID, Attestation: r.AttestationID, CreatedAt: r.CreatedAt.UTC(),
			UpdatedAt: r.UpdatedAt.UTC(), ExpiresAt: r.ExpiresAt.UTC()}
		if r.DecidedAt != nil {
			out[i].DecidedAt = r.DecidedAt.UTC()
		}
	}
	return out, nil
}
