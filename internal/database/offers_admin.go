package database

import (
	"context"
	"fmt"
	"time"

	"github.com/laurel-gateway/laurel/internal/console"
	"github.com/laurel-gateway/laurel/offers"
)

type offerRow struct {
	StoreID   string
	ID        string
	Version   int64
	Body      string
	Actor     string
	CreatedAt time.Time
	UpdatedAt time.Time
}

func (r offerRow) record() (console.OfferRecord, error) {
	o := console.OfferRecord{Actor: r.Actor, CreatedAt: r.CreatedAt.UTC(), UpdatedAt: r.UpdatedAt.UTC()}
	if err := decode(r.Body, &o.Offer); err != nil {
		return o, fmt.Errorf("decode offer %s version %d: %w", r.ID, r.Version, err)
	}
	o.Store, o.ID, o.Version = r.StoreID, r.ID, r.Version
	return o, nil
}

func offerRecords(rows []offerRow) ([]console.OfferRecord, error) {
	out := make([]console.OfferRecord, len(rows))
	for i, r := range rows {
		var err error
		if out[i], err = r.record(); err != nil {
			return nil, err
		}
	}
	return out, nil
}

const (
	offerFields = "SELECT o.store_id, o.id, v.version, v.body, v.actor, o.created_at, v.created_at AS updated_at FROM offers o " +
		"JOIN offer_versions v ON v.store_id = o.store_id AND v.offer_id = o.id"
	currentOffers = offerFields + " AND v.version = o.version"
)

// Offers implements console.OfferTx.
func (tx consoleTx) Offers(ctx context.Context, store string, state offers.State, before string, limit int) ([]console.OfferRecord, error) {
	q := newPage(currentOffers, "o.store_id = ?", store)
	q.equals("o.state", string(state))
	q.before("o.id", before)
	var rows []offerRow
	if err := q.scan(ctx, tx.Tx, &rows, "o.id DESC", limit); err != nil {
		return nil, err
	}
	return offerRecords(rows)
}

// Offer implements console.OfferTx.
func (tx consoleTx) Offer(ctx context.Context, store, id string) (console.OfferRecord, bool, error) {
	var row offerRow
	ok, err := tx.one(ctx, &row, currentOffers+" WHERE o.store_id = ? AND o.id = ?", store, id)
	if err != nil || !ok {
		if err != nil {
			err = fmt.Errorf("read an offer: %w", err)
		}
		return console.OfferRecord{}, false, err
	}
	o, err := row.record()
	return o, err == nil, err
}

// LockOffer implements console.OfferTx. The row is locked by itself: a join under lock would answer with the version
// that was current before the wait.
func (tx consoleTx) LockOffer(ctx context.Context, store, id string) (console.OfferRecord, bool, error) {
	var locked []struct{ ID string }
	if err := tx.query(ctx, &locked, "SELECT id FROM offers WHERE store_id = ? AND id = ?"+tx.forUpdate(), store, id); err != nil {
		return console.OfferRecord{}, false, fmt.Errorf("lock an offer: %w", err)
	}
	return tx.Offer(ctx, store, id)
}

// OfferVersions implements console.OfferTx.
func (tx consoleTx) OfferVersions(ctx context.Context, store, id string, before int64, limit int) ([]console.OfferRecord, error) {
	q := newPage(offerFields, "o.store_id = ? AND o.id = ?", store, id)
	if before > 0 {
		q.and("v.version < ?", before)
	}
	var rows []offerRow
	if err := q.scan(ctx, tx.Tx, &rows, "v.version DESC", limit); err != nil {
		return nil, err
	}
	return offerRecords(rows)
}

var (
	offersTable   = newTable("offers", 2, "store_id text, id text, version bigint, state text, name text, group_name text, created_at timestamptz, updated_at timestamptz")
	offerVersions = newTable("offer_versions", 3, "store_id text, offer_id text, version bigint, body text, actor text, created_at timestamptz")
)

// PutOffer implements console.OfferTx.
func (tx consoleTx) PutOffer(ctx context.Context, o console.OfferRecord) error {
	body, err := encode(o.Offer)
	if err != nil {
		return fmt.Errorf("encode an offer: %w", err)
	}
	current := [][]any{{o.Store, o.ID, o.Version, string(o.State), o.Name, o.Group, o.CreatedAt, o.UpdatedAt}}
	if o.Version == 1 {
		err = tx.insert(ctx, offersTable, current, "")
	} else {
		err = tx.update(ctx, offersTable, current)
	}
	if err != nil {
		return err
	}
	return tx.insert(ctx, offerVersions, [][]any{{o.Store, o.ID, o.Version, body, o.Actor, o.UpdatedAt}}, "")
}
