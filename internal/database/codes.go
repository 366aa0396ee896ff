package database

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/laurel-gateway/laurel/internal/codes"
	"github.com/laurel-gateway/laurel/internal/outbox"
	"github.com/laurel-gateway/laurel/offers"
)

// Codes is the storage of pools, batches and guesses.
type Codes struct{ db *DB }

// NewCodes returns the storage of codes on db.
func NewCodes(db *DB) Codes { return Codes{db} }

var (
	_ codes.Storage = Codes{}
	_ codes.Journal = Codes{}
)

// ReadCodes implements codes.Storage.
func (c Codes) ReadCodes(ctx context.Context, fn func(context.Context, codes.Tx) error) error {
	return c.db.Read(ctx, func(ctx context.Context, tx *Tx) error { return fn(ctx, codesTx{consoleTx{tx}}) })
}

// WriteCodes implements codes.Storage.
func (c Codes) WriteCodes(ctx context.Context, fn func(context.Context, codes.Tx) (any, error)) (any, error) {
	return c.db.Write(ctx, func(ctx context.Context, tx *Tx) (any, error) { return fn(ctx, codesTx{consoleTx{tx}}) })
}

// RunCodes implements codes.Storage.
func (c Codes) RunCodes(ctx context.Context, fn func(context.Context, codes.Tx) error) error {
	return c.db.Run(ctx, func(ctx context.Context, tx *Tx) error { return fn(ctx, codesTx{consoleTx{tx}}) })
}

// codesTx is the view of a transaction that pools and batches have. Offers and the audit log are those of the console.
type codesTx struct{ consoleTx }

// StoreNow implements codes.Tx.
func (tx codesTx) StoreNow(ctx context.Context, store string) (time.Time, error) {
	var offset int64
	err := tx.rows(ctx, "stores", "SELECT clock_offset_us FROM stores WHERE id = ?", []any{store}, func(r *sql.Rows) error { return r.Scan(&offset) })
	return tx.now.Add(time.Duration(offset) * time.Microsecond), err
}

// CurrentOffer implements codes.Tx.
func (tx codesTx) CurrentOffer(ctx context.Context, store, id string) (offers.Offer, bool, error) {
	o, ok, err := tx.Offer(ctx, store, id)
	return o.Offer, ok, err
}

var guessWindow = newTable("code_guesses", 2, "store_id text, window_at timestamptz, wrong bigint, first_at timestamptz, last_at timestamptz, alerted boolean")

// NoteGuesses implements codes.Journal. The row's lock makes one replica the one that tells.
func (c Codes) NoteGuesses(ctx context.Context, n codes.Note) (codes.Window, bool, error) {
	w, told := n.Window, false
	err := c.db.Run(ctx, func(ctx context.Context, tx *Tx) error {
		var alerted bool
		told = false
		row := []any{n.Store, n.At, 0, n.First, n.Last, false}
		if err := tx.ensure(ctx, guessWindow, [][]any{row}); err != nil {
			return err
		}
		const seen = "SELECT wrong, first_at, last_at, alerted FROM code_guesses WHERE store_id = ? AND window_at = ?"
		err := tx.rows(ctx, "code_guesses", seen+tx.forUpdate(), []any{n.Store, n.At}, func(r *sql.Rows) error {
			return r.Scan(&w.Wrong, &w.First, &w.Last, &alerted)
		})
		if err != nil {
			return err
		}
		w.Wrong += n.Wrong
		w.First, w.Last = earlier(w.First.UTC(), n.First), later(w.Last.UTC(), n.Last)
		told = !alerted && w.Wrong >= n.Alert
		if err := tx.update(ctx, guessWindow, [][]any{{n.Store, n.At, w.Wrong, w.First, w.Last, alerted || told}}); err != nil || !told {
			return err
		}
		payload, err := encode(map[string]any{"window_seconds": int64(n.Length / time.Second), "count": w.Wrong, "first_at": w.First, "last_at": w.Last})
		if err != nil {
			return fmt.Errorf("encode an event: %w", err)
		}
		return tx.AppendEvents(ctx, []outbox.Event{{Store: n.Store, Type: "codes.guessing", Ordering: "codes", Payload: []byte(payload)}})
	})
	return w, told, err
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// SweepGuesses forgets windows older than keep.
func (c Codes) SweepGuesses(ctx context.Context, keep time.Duration) error {
	return c.db.Run(ctx, func(ctx context.Context, tx *Tx) error {
		_, err := tx.exec(ctx, "DELETE FROM code_guesses WHERE window_at < ?", tx.now.Add(-keep))
		return err
	})
}
