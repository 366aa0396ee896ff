package database

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/laurel-gateway/laurel/verify"
)

type sentMailRow struct {
	StoreID, ID, VerificationID, Tag string

	SentAt     time.Time
	ReportedAt *time.Time
}

const sentMailColumns = "store_id, id, verification_id, tag, sent_at, reported_at"

func (r sentMailRow) mail() verify.SentMail {
	return verify.SentMail{Store: r.StoreID, ID: r.ID, Verification: r.VerificationID, Tag: verify.PersonTag(r.Tag),
		SentAt: r.SentAt.UTC(), ReportedAt: orZero(r.ReportedAt)}
}

// InsertMail implements verify.MailTx.
func (t *verifyTx) InsertMail(ctx context.Context, m verify.SentMail) error {
	_, err := t.exec(ctx, "INSERT INTO sent_mails ("+sentMailColumns+") VALUES "+placeholders(1, 6), t.store, m.ID, m.Verification,
		string(m.Tag), m.SentAt, orNull(m.ReportedAt))
	return err
}

// Mail implements verify.MailTx.
func (t *verifyTx) Mail(ctx context.Context, id string) (verify.SentMail, error) {
	return t.oneMail(ctx, id, "")
}

// LockMail implements verify.MailTx.
func (t *verifyTx) LockMail(ctx context.Context, id string) (verify.SentMail, error) {
	return t.oneMail(ctx, id, t.forUpdate())
}

func (t *verifyTx) oneMail(ctx context.Context, id, lock string) (verify.SentMail, error) {
	var row sentMailRow
	ok, err := t.one(ctx, &row, "SELECT "+sentMailColumns+" FROM sent_mails WHERE store_id = ? AND id = ?"+lock, t.store, id)
	if err != nil {
		return verify.SentMail{}, fmt.Errorf("read a mail that was sent: %w", err)
	}
	if !ok {
		return verify.SentMail{}, missing("mail")
	}
	return row.mail(), nil
}

// ReportMail implements verify.MailTx.
func (t *verifyTx) ReportMail(ctx context.Context, id string, at time.Time) error {
	n, err := t.exec(ctx, "UPDATE sent_mails SET reported_at = ? WHERE store_id = ? AND id = ?", at, t.store, id)
	return must(n, err, "mail")
}

// MailsTo returns the mails to any of the tags, of whichever stores, that no report spoke of yet. A tag is a store's own, so
// it finds the mails of that store alone.
func (s *VerifyStorage) MailsTo(ctx context.Context, tags []verify.PersonTag) ([]verify.SentMail, error) {
	var found []verify.SentMail
	err := s.db.Read(ctx, func(ctx context.Context, tx *Tx) error {
		found = nil
		for some := range slices.Chunk(tags, 500) {
			args := make([]any, len(some))
			for i, tag := range some {
				args[i] = string(tag)
			}
			var rows []sentMailRow
			if err := tx.query(ctx, &rows, "SELECT "+sentMailColumns+" FROM sent_mails WHERE tag IN "+placeholders(1, len(some))+
				" AND reported_at IS NULL ORDER BY store_id, id", args...); err != nil {
				return fmt.Errorf("look for mails: %w", err)
			}
			for _, r := range rows {
				found = append(found, r.mail())
			}
		}
		return nil
	})
	return found, err
}

type suppressionRow struct {
	ID, Tag, Reason      string
	CreatedAt, ExpiresAt time.Time
}

const suppressionColumns = "id, tag, reason, created_at, expires_at"

func (r suppressionRow) suppression() verify.Suppression {
	return verify.Suppression{ID: r.ID, Tag: verify.PersonTag(r.Tag), Reason: verify.MailReport(r.Reason), CreatedAt: r.CreatedAt.UTC(), ExpiresAt: r.ExpiresAt.UTC()}
}

// Suppress implements verify.MailTx.
func (t *verifyTx) Suppress(ctx context.Context, s verify.Suppression) error {
	_, err := t.exec(ctx, "INSERT INTO mail_suppressions (store_id, "+suppressionColumns+") VALUES "+placeholders(1, 6)+
		" ON CONFLICT (store_id, tag) DO UPDATE SET reason = EXCLUDED.reason, created_at = EXCLUDED.created_at, "+
		"expires_at = EXCLUDED.expires_at WHERE mail_suppressions.expires_at < EXCLUDED.expires_at",
		t.store, s.ID, string(s.Tag), string(s.Reason), s.CreatedAt, s.ExpiresAt)
	return err
}

// Suppression implements verify.MailTx.
func (t *verifyTx) Suppression(ctx context.Context, tag verify.PersonTag) (verify.Suppression, error) {
	var row suppressionRow
	ok, err := t.one(ctx, &row, "SELECT "+suppressionColumns+" FROM mail_suppressions WHERE store_id = ? AND tag = ? AND expires_at > ?",
		t.store, string(tag), t.Now())
	if err != nil {
		return verify.Suppression{}, fmt.Errorf("read a suppression: %w", err)
	}
	if !ok {
		return verify.Suppression{}, missing("suppression")
	}
	return row.suppression(), nil
}

// Suppressions implements verify.MailTx.
func (t *verifyTx) Suppressions(ctx context.Context, before string, limit int) ([]verify.Suppression, error) {
	query := "SELECT " + suppressionColumns + " FROM mail_suppressions WHERE store_id = ? AND expires_at > ?"
	args := []any{t.store, t.Now()}
	if before != "" {
		query, args = query+" AND id < ?", append(args, before)
	}
	var rows []suppressionRow
	if err := t.query(ctx, &rows, query+" ORDER BY id DESC LIMIT ?", append(args, limit)...); err != nil {
		return nil, fmt.Errorf("list suppressions: %w", err)
	}
	out := make([]verify.Suppression, len(rows))
	for i, r := range rows {
		out[i] = r.suppression()
	}
	return out, nil
}

// DeleteSuppression implements verify.MailTx.
func (t *verifyTx) DeleteSuppression(ctx context.Context, id string) (verify.Suppression, error) {
	var row suppressionRow
	ok, err := t.one(ctx, &row, "DELETE FROM mail_suppressions WHERE store_id = ? AND id = ? RETURNING "+suppressionColumns, t.store, id)
	if err != nil {
		return verify.Suppression{}, fmt.Errorf("lift a suppression: %w", err)
	}
	if !ok {
		return verify.Suppression{}, missing("suppression")
	}
	return row.suppression(), nil
}
