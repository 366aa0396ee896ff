package database

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"math/big"
	"time"

	"github.com/laurel-gateway/laurel/offers/token"
)

// StatusListSize is how many attestations share a status list: the draft asks for enough that nobody learns from a
// request whose status is asked for. A full list is 16 KiB before it is compressed.
const StatusListSize = 1 << 17

// statusDraws is how often an index is drawn before a list counts as too full. At half of its size, one list in 256
// is left early; at three quarters one in ten.
const statusDraws = 8

// statusPlace is an index in a status list.
type statusPlace struct {
	List  string
	Index int64
}

// placeStatus draws indexes in the newest list of a store until take has got one, and makes the next list when the
// newest has no room. take reports whether the index was free; the unique index of the table decides.
func (tx *Tx) placeStatus(ctx context.Context, store string, take func(statusPlace) (bool, error)) (statusPlace, error) {
	var newest struct {
		ID   string
		Size int64
	}
	known, err := tx.one(ctx, &newest, "SELECT id, size FROM status_lists WHERE store_id = ? ORDER BY id DESC LIMIT 1", store)
	if err != nil {
		return statusPlace{}, fmt.Errorf("find a status list: %w", err)
	}
	for range 2 {
		if !known {
			newest.ID, newest.Size = newID("stl"), tx.db.statusListSize()
			_, err := tx.exec(ctx, "INSERT INTO status_lists (id, store_id, size, created_at) VALUES (?, ?, ?, ?)", newest.ID, store, newest.Size, tx.now)
			if err != nil {
				return statusPlace{}, fmt.Errorf("make a status list: %w", err)
			}
		}
		for range statusDraws {
			n, err := rand.Int(rand.Reader, big.NewInt(newest.Size))
			if err != nil {
				return statusPlace{}, fmt.Errorf("draw a status index: %w", err)
			}
			place := statusPlace{newest.ID, n.Int64()}
			if ok, err := take(place); ok || err != nil {
				return place, err
			}
		}
		known = false
	}
	return statusPlace{}, errNoStatus
}

// errNoStatus would be a new list without room.
var errNoStatus = errors.New("no status index is free in a new list")

// statusListSize is StatusListSize, or what a test sets.
func (db *DB) statusListSize() int64 {
	if db.statusSize > 0 {
		return db.statusSize
	}
	return StatusListSize
}

// PlaceStatus gives an attestation of an earlier version its place in a status list, or returns the one it has. Two who
// ask at once get the same place.
func (c Checkout) PlaceStatus(ctx context.Context, store, attestation string) (list string, index int64, err error) {
	for range statusDraws {
		// Whoever takes the same index at the same moment makes this fail on the unique index: another is drawn.
		if list, index, err = c.placeOnce(ctx, store, attestation); !IsDuplicate(err) {
			break
		}
	}
	return list, index, err
}

func (c Checkout) placeOnce(ctx context.Context, store, attestation string) (list string, index int64, err error) {
	err = c.db.Run(ctx, func(ctx context.Context, tx *Tx) error {
		var row struct {
			StatusList  string
			StatusIndex int64
		}
		ok, err := tx.one(ctx, &row, "SELECT status_list, status_index FROM attestations WHERE store_id = ? AND id = ?"+tx.forUpdate(), store, attestation)
		if err != nil || !ok {
			return errors.Join(err, notThere(ok, "attestation"))
		}
		if row.StatusList != "" {
			list, index = row.StatusList, row.StatusIndex
			return nil
		}
		const q = "UPDATE attestations SET status_list = ?, status_index = ? WHERE store_id = ? AND id = ? AND NOT EXISTS " +
			"(SELECT 1 FROM attestations o WHERE o.store_id = ? AND o.status_list = ? AND o.status_index = ? AND o.status_list <> '')"
		place, err := tx.placeStatus(ctx, store, func(p statusPlace) (bool, error) {
			n, err := tx.exec(ctx, q, p.List, p.Index, store, attestation, store, p.List, p.Index)
			if err != nil {
				return false, fmt.Errorf("place a status: %w", err)
			}
			return n == 1, nil
		})
		list, index = place.List, place.Index
		return err
	})
	return list, index, err
}

func notThere(ok bool, what string) error {
	if ok {
		return nil
	}
	return missing(what)
}

// StatusList reads which attestations of a list have been ended, of that list alone. found is false when there is no
// such list.
func (c Checkout) StatusList(ctx context.Context, list string) (store string, bits []byte, readAt time.Time, found bool, err error) {
	err = c.db.Read(ctx, func(ctx context.Context, tx *Tx) error {
		var row struct {
			StoreID string
			Size    int64
		}
		found, err = tx.one(ctx, &row, "SELECT store_id, size FROM status_lists WHERE id = ?", list)
		if err != nil || !found {
			return err
		}
		store, bits, readAt = row.StoreID, token.NewStatusBits(row.Size), tx.now
		const q = "SELECT status_index FROM attestations WHERE store_id = ? AND status_list = ? AND ended_at IS NOT NULL"
		return tx.rows(ctx, "attestations", q, []any{store, list}, func(r *sql.Rows) error {
			var index int64
			if err := r.Scan(&index); err != nil {
				return err
			}
			if !token.SetStatus(bits, index) {
				return fmt.Errorf("status %d is outside of its list %s", index, list)
			}
			return nil
		})
	})
	return store, bits, readAt, found, err
}
