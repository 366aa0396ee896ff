package database

import (
	"context"
	"fmt"
	"time"

	"github.com/laurel-gateway/laurel/verify"
)

// DueReminders implements verify.ReminderTx.
func (t *verifyTx) DueReminders(ctx context.Context, limit int) ([]string, error) {
	var rows []struct{ ID string }
	// Two questions, so that each follows the index.
	for _, q := range []struct {
		where string
		args  []any
	}{
		{"reminder = 'planned' AND remind_at <= ? ORDER BY remind_at", []any{t.Now()}},
		{"reminder = 'new'", nil},
	} {
		var some []struct{ ID string }
		args := append(append([]any{t.store}, q.args...), limit-len(rows))
		if err := t.query(ctx, &some, "SELECT id FROM attestations WHERE store_id = ? AND "+q.where+" LIMIT ?", args...); err != nil {
			return nil, fmt.Errorf("look for reminders: %w", err)
		}
		rows = append(rows, some...)
	}
	out := make([]string, len(rows))
	for i, r := range rows {
		out[i] = r.ID
	}
	return out, nil
}

// Reminder implements verify.ReminderTx.
func (t *verifyTx) Reminder(ctx context.Context, attestation string) (verify.Reminder, error) {
	var row struct {
		Reminder string
		RemindAt *time.Time
	}
	ok, err := t.one(ctx, &row, "SELECT reminder, remind_at FROM attestations WHERE store_id = ? AND id = ?", t.store, attestation)
	if err != nil {
		return verify.Reminder{}, fmt.Errorf("read a reminder: %w", err)
	}
	if !ok {
		return verify.Reminder{}, missing("attestation")
	}
	return verify.Reminder{State: verify.ReminderState(row.Reminder), At: orZero(row.RemindAt)}, nil
}

// PutReminder implements verify.ReminderTx.
func (t *verifyTx) PutReminder(ctx context.Context, attestation string, r verify.Reminder) error {
	n, err := t.exec(ctx, "UPDATE attestations SET reminder = ?, remind_at = ? WHERE store_id = ? AND id = ?",
		string(r.State), orNull(r.At), t.store, attestation)
	return must(n, err, "attestation")
}
