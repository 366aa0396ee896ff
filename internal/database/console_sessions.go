package database

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/laurel-gateway/laurel/internal/console"
)

// sessionData is what a console session's row holds beside what it is found by.
type sessionData struct {
	CreatedAt time.Time `json:"created_at"`
	SeenAt    time.Time `json:"seen_at"`
}

// Session implements console.SessionTx.
func (tx consoleTx) Session(ctx context.Context, hash []byte) (console.Session, bool, error) {
	var row struct {
		Data     []byte
		PersonID string
	}
	ok, err := tx.one(ctx, &row, "SELECT data, person_id FROM console_sessions WHERE token_hash = ?", hash)
	if err != nil || !ok {
		if err != nil {
			err = fmt.Errorf("read a console session: %w", err)
		}
		return console.Session{}, false, err
	}
	var data sessionData
	if err := json.Unmarshal(row.Data, &data); err != nil {
		return console.Session{}, false, fmt.Errorf("decode a console session: %w", err)
	}
	return console.Session{Hash: hash, Person: row.PersonID, CreatedAt: data.CreatedAt, SeenAt: data.SeenAt}, true, nil
}

var consoleSessions = newTable("console_sessions", 1, "token_hash bytea, data bytea, person_id text, expires_at timestamptz")

// PutSession implements console.SessionTx.
func (tx consoleTx) PutSession(ctx context.Context, s console.Session) error {
	data, err := json.Marshal(sessionData{s.CreatedAt.UTC(), s.SeenAt.UTC()})
	if err != nil {
		return fmt.Errorf("encode a console session: %w", err)
	}
	return tx.insert(ctx, consoleSessions, [][]any{{s.Hash, data, s.Person, s.ExpiresAt().UTC()}},
		" ON CONFLICT (token_hash) DO UPDATE SET data = excluded.data, expires_at = excluded.expires_at")
}

// DeleteSession implements console.SessionTx.
func (tx consoleTx) DeleteSession(ctx context.Context, hash []byte) error {
	return tx.deleteSessions(ctx, "token_hash = ?", hash)
}

// DeleteSessions implements console.SessionTx.
func (tx consoleTx) DeleteSessions(ctx context.Context, person string) error {
	return tx.deleteSessions(ctx, "person_id = ?", person)
}

// DropSessions implements console.SessionTx.
func (tx consoleTx) DropSessions(ctx context.Context, before time.Time) error {
	return tx.deleteSessions(ctx, "expires_at <= ?", before)
}

func (tx consoleTx) deleteSessions(ctx context.Context, where string, value any) error {
	if _, err := tx.exec(ctx, "DELETE FROM console_sessions WHERE "+where, value); err != nil {
		return fmt.Errorf("delete console sessions: %w", err)
	}
	return nil
}

var throttlesTable = newTable("sign_in_throttles", 1, "key_hash bytea, failures bigint, blocked_until timestamptz, updated_at timestamptz")

// LockThrottles implements console.ThrottleTx.
func (tx consoleTx) LockThrottles(ctx context.Context, keys ...[]byte) ([]console.Throttle, error) {
	sorted := slices.SortedFunc(slices.Values(keys), bytes.Compare)
	for {
		found, err := tx.lockThrottles(ctx, sorted)
		if err != nil {
			return nil, err
		}
		// Tidying may take a row away between ensuring and locking it.
		if len(found) < len(sorted) {
			continue
		}
		out := make([]console.Throttle, len(keys))
		for i, k := range keys {
			out[i] = found[string(k)]
		}
		return out, nil
	}
}

func (tx consoleTx) lockThrottles(ctx context.Context, sorted [][]byte) (map[string]console.Throttle, error) {
	var fresh [][]any
	var args []any
	for _, k := range sorted {
		fresh = append(fresh, []any{k, 0, nil, tx.now})
		args = append(args, k)
	}
	if err := tx.ensure(ctx, throttlesTable, fresh); err != nil {
		return nil, err
	}
	var rows []struct {
		KeyHash      []byte
		Failures     int
		BlockedUntil *time.Time
		UpdatedAt    time.Time
	}
	// Not IN (?): GORM takes bytes alone in parentheses for a list.
	cond := strings.TrimSuffix(strings.Repeat("key_hash = ? OR ", len(args)), " OR ")
	q := "SELECT key_hash, failures, blocked_until, updated_at FROM sign_in_throttles WHERE " + cond + " ORDER BY key_hash" + tx.forUpdate()
	if err := tx.query(ctx, &rows, q, args...); err != nil {
		return nil, fmt.Errorf("lock sign-in throttles: %w", err)
	}
	found := make(map[string]console.Throttle, len(rows))
	for _, r := range rows {
		t := console.Throttle{Key: r.KeyHash, Failures: r.Failures, UpdatedAt: r.UpdatedAt.UTC()}
		if r.BlockedUntil != nil {
			t.Until = r.BlockedUntil.UTC()
		}
		found[string(r.KeyHash)] = t
	}
	return found, nil
}

// PutThrottles implements console.ThrottleTx.
func (tx consoleTx) PutThrottles(ctx context.Context, throttles ...console.Throttle) error {
	rows := make([][]any, len(throttles))
	for i, t := range throttles {
		rows[i] = []any{t.Key, t.Failures, nullTime(t.Until), t.UpdatedAt}
	}
	slices.SortFunc(rows, func(a, b []any) int { return bytes.Compare(a[0].([]byte), b[0].([]byte)) })
	return tx.update(ctx, throttlesTable, rows)
}

// DropThrottles implements console.ThrottleTx.
func (tx consoleTx) DropThrottles(ctx context.Context, before time.Time) error {
	if _, err := tx.exec(ctx, "DELETE FROM sign_in_throttles WHERE updated_at < ?", before); err != nil {
		return fmt.Errorf("delete sign-in throttles: %w", err)
	}
	return nil
}
