package database

import (
	"context"
	"fmt"
	"time"

	"github.com/laurel-gateway/laurel/verify"
)

type reviewRow struct {
	ID, VerificationID, Requirement, GroupName, Subgroup, Why, Signals, ClaimedBy, Votes, Outcome string

	Needed       int
	ClaimedUntil *time.Time
	OpenedAt     time.Time
	DecidedAt    *time.Time
}

const reviewColumns = "id, verification_id, requirement, group_name, subgroup, why, signals, needed, claimed_by, claimed_until, votes, " +
	"outcome, opened_at, decided_at"

func (t *verifyTx) review(r reviewRow) (verify.Review, error) {
	out := verify.Review{
		ID: r.ID, Store: t.store, Verification: r.VerificationID, Requirement: verify.Requirement(r.Requirement), Group: r.GroupName,
		Subgroup: r.Subgroup, Needed: r.Needed, ClaimedBy: r.ClaimedBy, ClaimedUntil: orZero(r.ClaimedUntil),
		Outcome: verify.ReviewOutcome(r.Outcome), OpenedAt: r.OpenedAt.UTC(), DecidedAt: orZero(r.DecidedAt),
	}
	if err := fromText(r.Why, &out.Why); err != nil {
		return out, err
	}
	if err := fromText(r.Signals, &out.Signals); err != nil {
		return out, err
	}
	return out, fromText(r.Votes, &out.Votes)
}

func (t *verifyTx) reviews(ctx context.Context, where string, args ...any) ([]verify.Review, error) {
	var rows []reviewRow
	query := "SELECT " + reviewColumns + " FROM reviews WHERE store_id = ? AND " + where
	if err := t.query(ctx, &rows, query, append([]any{t.store}, args...)...); err != nil {
		return nil, fmt.Errorf("read reviews: %w", err)
	}
	out := make([]verify.Review, len(rows))
	for i, r := range rows {
		var err error
		if out[i], err = t.review(r); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (t *verifyTx) oneReview(ctx context.Context, where string, args ...any) (verify.Review, error) {
	found, err := t.reviews(ctx, where, args...)
	if err != nil {
		return verify.Review{}, err
	}
	if len(found) == 0 {
		return verify.Review{}, missing("review")
	}
	return found[0], nil
}

// InsertReview implements verify.ReviewTx.
func (t *verifyTx) InsertReview(ctx context.Context, r verify.Review) error {
	columns, err := texts(r.Why, r.Signals, r.Votes)
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, "INSERT INTO reviews (store_id, "+reviewColumns+", first_by) VALUES "+placeholders(1, 16), t.store, r.ID, r.Verification,
		string(r.Requirement), r.Group, r.Subgroup, columns[0], columns[1], r.Needed, r.ClaimedBy, orNull(r.ClaimedUntil), columns[2],
		string(r.Outcome), r.OpenedAt, orNull(r.DecidedAt), firstBy(r))
	return err
}

// firstBy is who approved a review that needs another.
func firstBy(r verify.Review) string {
	if len(r.Votes) == 0 {
		return ""
	}
	return r.Votes[0].By
}

// Review implements verify.ReviewTx.
func (t *verifyTx) Review(ctx context.Context, id string) (verify.Review, error) {
	return t.oneReview(ctx, "id = ?", id)
}

// LockReview implements verify.ReviewTx.
func (t *verifyTx) LockReview(ctx context.Context, id string) (verify.Review, error) {
	return t.oneReview(ctx, "id = ?"+t.forUpdate(), id)
}

// LockOpenReview implements verify.ReviewTx.
func (t *verifyTx) LockOpenReview(ctx context.Context, verification string) (verify.Review, error) {
	return t.oneReview(ctx, "verification_id = ? AND outcome = ''"+t.forUpdate(), verification)
}

// LockNextReview implements verify.ReviewTx.
func (t *verifyTx) LockNextReview(ctx context.Context, group, reviewer string, except []string) (verify.Review, error) {
	lock := t.forUpdate()
	if lock != "" {
		lock += " SKIP LOCKED"
	}
	where, args := "outcome = '' AND first_by <> ? AND (claimed_by IN ('', ?) OR claimed_until <= ?)", []any{reviewer, reviewer, t.Now()}
	if group != "" {
		where, args = where+" AND group_name = ?", append(args, group)
	}
	if len(except) > 0 {
		where += " AND id NOT IN " + placeholders(1, len(except))
		for _, id := range except {
			args = append(args, id)
		}
	}
	order := " ORDER BY CASE WHEN claimed_by = ? THEN 0 ELSE 1 END, opened_at, id LIMIT 1"
	return t.oneReview(ctx, where+order+lock, append(args, reviewer)...)
}

// UpdateReview implements verify.ReviewTx.
func (t *verifyTx) UpdateReview(ctx context.Context, r verify.Review) error {
	votes, err := text(r.Votes)
	if err != nil {
		return err
	}
	n, err := t.exec(ctx, "UPDATE reviews SET needed = ?, claimed_by = ?, claimed_until = ?, votes = ?, first_by = ?, outcome = ?, decided_at = ? "+
		"WHERE store_id = ? AND id = ?", r.Needed, r.ClaimedBy, orNull(r.ClaimedUntil), votes, firstBy(r), string(r.Outcome), orNull(r.DecidedAt),
		t.store, r.ID)
	return must(n, err, "review")
}

// ReviewPage implements verify.ReviewTx.
func (t *verifyTx) ReviewPage(ctx context.Context, f verify.ReviewFilter, before string, limit int) ([]verify.Review, error) {
	where, args := "1 = 1", []any{}
	only := func(condition string, values ...any) { where, args = where+" AND "+condition, append(args, values...) }
	if f.Group != "" {
		only("group_name = ?", f.Group)
	}
	if f.Open && !f.Decided {
		only("outcome = ''")
	}
	if f.Decided && !f.Open {
		only("outcome <> ''")
	}
	if f.ClaimedBy != "" {
		only("claimed_by = ? AND claimed_until > ?", f.ClaimedBy, t.Now())
	}
	if before != "" {
		only("id < ?", before)
	}
	return t.reviews(ctx, where+" ORDER BY id DESC LIMIT ?", append(args, limit)...)
}

// PutCollected implements verify.ReviewTx.
func (t *verifyTx) PutCollected(ctx context.Context, verification string, r verify.Requirement, sealed []byte) error {
	_, err := t.exec(ctx, "INSERT INTO collected (store_id, verification_id, requirement, sealed, created_at) VALUES (?, ?, ?, ?, ?) "+
		"ON CONFLICT (store_id, verification_id, requirement) DO UPDATE SET sealed = excluded.sealed, created_at = excluded.created_at",
		t.store, verification, string(r), sealed, t.Now())
	if err != nil {
		return fmt.Errorf("keep what was collected: %w", err)
	}
	return nil
}

// Collected implements verify.ReviewTx.
func (t *verifyTx) Collected(ctx context.Context, verification string) (map[verify.Requirement][]byte, error) {
	var rows []struct {
		Requirement string
		Sealed      []byte
	}
	err := t.query(ctx, &rows, "SELECT requirement, sealed FROM collected WHERE store_id = ? AND verification_id = ?", t.store, verification)
	if err != nil {
		return nil, fmt.Errorf("read what was collected: %w", err)
	}
	out := make(map[verify.Requirement][]byte, len(rows))
	for _, r := range rows {
		out[verify.Requirement(r.Requirement)] = r.Sealed
	}
	return out, nil
}

// InsertReceipt implements verify.ReviewTx.
func (t *verifyTx) InsertReceipt(ctx context.Context, r verify.Receipt) error {
	_, err := t.exec(ctx, "INSERT INTO decision_receipts (store_id, id, verification_id, decided, jws, created_at) VALUES "+placeholders(1, 6),
		t.store, r.ID, r.Verification, string(r.Decided), r.JWS, r.CreatedAt)
	if err != nil {
		return fmt.Errorf("keep a receipt: %w", err)
	}
	return nil
}

// Receipts implements verify.ReviewTx.
func (t *verifyTx) Receipts(ctx context.Context, verification string) ([]verify.Receipt, error) {
	var rows []struct {
		ID, Decided, Jws string
		CreatedAt        time.Time
	}
	err := t.query(ctx, &rows, "SELECT id, decided, jws, created_at FROM decision_receipts WHERE store_id = ? AND verification_id = ? ORDER BY id",
		t.store, verification)
	if err != nil {
		return nil, fmt.Errorf("read receipts: %w", err)
	}
	out := make([]verify.Receipt, len(rows))
	for i, r := range rows {
		out[i] = verify.Receipt{ID: r.ID, Store: t.store, Verification: verification, Decided: verify.Decided(r.Decided), JWS: r.Jws, CreatedAt: r.CreatedAt.UTC()}
	}
	return out, nil
}

// maxCounted is where signals stop counting.
const maxCounted = 1000

// CountFromNetwork implements verify.VerificationTx.
func (t *verifyTx) CountFromNetwork(ctx context.Context, group string, network verify.PersonTag, since time.Time) (int, error) {
	return t.countVerifications(ctx, "network = ? AND network <> '' AND group_name = ? AND created_at > ?", string(network), group, since)
}

// CountOfCustomer implements verify.VerificationTx.
func (t *verifyTx) CountOfCustomer(ctx context.Context, customer string, since time.Time) (int, error) {
	return t.countVerifications(ctx, "customer = ? AND created_at > ?", customer, since)
}

func (t *verifyTx) countVerifications(ctx context.Context, where string, args ...any) (int, error) {
	var row struct{ N int }
	_, err := t.one(ctx, &row, "SELECT count(*) AS n FROM (SELECT 1 FROM verifications WHERE store_id = ? AND "+where+" LIMIT ?) AS counted",
		append(append([]any{t.store}, args...), maxCounted)...)
	return row.N, err
}
