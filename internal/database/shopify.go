package database

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/laurel-gateway/laurel/internal/shopify"
	"github.com/laurel-gateway/laurel/internal/tenant"
)

// Shopify is the storage of the Shopify adapter.
type Shopify struct{ db *DB }

// NewShopify returns the adapter's storage on db.
func NewShopify(db *DB) Shopify { return Shopify{db} }

var _ shopify.Storage = Shopify{}

const (
	connectionColumns = "store_id, shop, api_version, currency, sealed, created_at, updated_at"
	codeColumns       = "store_id, jti, code_mac, node_id, state, expires_at, created_at, updated_at"
)

var (
	connectionsTable = newTable("shopify_connections", 1, "store_id text, shop text, api_version text, currency text, sealed text, created_at timestamptz, updated_at timestamptz")
	shopCodesTable   = newTable("shopify_codes", 2, "store_id text, jti text, code_mac bytea, node_id text, state text, expires_at timestamptz, created_at timestamptz, updated_at timestamptz")
)

// Connection implements shopify.Storage.
func (s Shopify) Connection(ctx context.Context, store string) (c shopify.Connection, found bool, err error) {
	err = s.db.view(ctx, func(ctx context.Context, tx *Tx) error {
		c, found, err = tx.shopConnection(ctx, store)
		return err
	})
	return c, found, err
}

func (tx *Tx) shopConnection(ctx context.Context, store string) (c shopify.Connection, found bool, err error) {
	err = tx.rows(ctx, "shopify_connections", "SELECT "+connectionColumns+" FROM shopify_connections WHERE store_id = ?", []any{store}, func(r *sql.Rows) error {
		found = true
		err := r.Scan(&c.Store, &c.Shop, &c.Version, &c.Currency, &c.Sealed, &c.CreatedAt, &c.UpdatedAt)
		c.CreatedAt, c.UpdatedAt = c.CreatedAt.UTC(), c.UpdatedAt.UTC()
		return err
	})
	return c, found, err
}

// SaveConnection implements shopify.Storage.
func (s Shopify) SaveConnection(ctx context.Context, c shopify.Connection, audit tenant.AuditEntry) (*shopify.Connection, error) {
	return s.change(ctx, func(ctx context.Context, tx *Tx) (*shopify.Connection, error) {
		row := []any{c.Store, c.Shop, c.Version, c.Currency, c.Sealed, tx.now, tx.now}
		err := tx.insert(ctx, connectionsTable, [][]any{row}, " ON CONFLICT (store_id) DO UPDATE SET shop = excluded.shop, api_version = excluded.api_version, "+
			"currency = excluded.currency, sealed = excluded.sealed, updated_at = excluded.updated_at")
		if err != nil {
			return nil, err
		}
		kept, _, err := tx.shopConnection(ctx, c.Store)
		if err != nil {
			return nil, err
		}
		return &kept, tx.Audit(ctx, audit)
	})
}

// DeleteConnection implements shopify.Storage.
func (s Shopify) DeleteConnection(ctx context.Context, store string, audit tenant.AuditEntry) (*shopify.Connection, error) {
	return s.change(ctx, func(ctx context.Context, tx *Tx) (*shopify.Connection, error) {
		was, found, err := tx.shopConnection(ctx, store)
		if err != nil {
			return nil, err
		}
		if !found {
			return nil, shopify.ErrNotConnected
		}
		if _, err := tx.exec(ctx, "DELETE FROM shopify_connections WHERE store_id = ?", store); err != nil {
			return nil, fmt.Errorf("delete a connection to Shopify: %w", err)
		}
		return &was, tx.Audit(ctx, audit)
	})
}

func (s Shopify) change(ctx context.Context, fn func(context.Context, *Tx) (*shopify.Connection, error)) (*shopify.Connection, error) {
	v, err := s.db.Write(ctx, func(ctx context.Context, tx *Tx) (any, error) {
		c, err := fn(ctx, tx)
		if err != nil {
			return nil, err
		}
		return c, nil
	})
	if err != nil {
		return nil, err
	}
	c, _ := v.(*shopify.Connection)
	return c, nil
}

// Ask implements shopify.Storage.
func (s Shopify) Ask(ctx context.Context, c shopify.Code) (kept shopify.Code, fresh bool, err error) {
	err = s.db.Run(ctx, func(ctx context.Context, tx *Tx) error {
		row := []any{c.Store, c.JTI, c.MAC, "", string(shopify.Asked), c.ExpiresAt.UTC().Truncate(time.Microsecond), tx.now, tx.now}
		n, err := tx.insertNew(ctx, shopCodesTable, [][]any{row})
		if err != nil {
			return err
		}
		fresh = n == 1
		kept, err = tx.shopCode(ctx, c.Store, c.JTI)
		return err
	})
	return kept, fresh, err
}

func (tx *Tx) shopCode(ctx context.Context, store, jti string) (c shopify.Code, err error) {
	err = tx.rows(ctx, "shopify_codes", "SELECT "+codeColumns+" FROM shopify_codes WHERE store_id = ? AND jti = ?", []any{store, jti}, func(r *sql.Rows) error {
		err := r.Scan(&c.Store, &c.JTI, &c.MAC, &c.NodeID, &c.State, &c.ExpiresAt, &c.CreatedAt, &c.UpdatedAt)
		c.ExpiresAt, c.CreatedAt, c.UpdatedAt = c.ExpiresAt.UTC(), c.CreatedAt.UTC(), c.UpdatedAt.UTC()
		return err
	})
	if err == nil && c.JTI == "" {
		err = fmt.Errorf("the code of token %s is not there", jti)
	}
	return c, err
}

// Mark implements shopify.Storage.
func (s Shopify) Mark(ctx context.Context, c shopify.Code) (*shopify.Code, error) {
	v, err := s.db.Write(ctx, func(ctx context.Context, tx *Tx) (any, error) {
		_, err := tx.exec(ctx, "UPDATE shopify_codes SET state = 'minted', node_id = ?, updated_at = ? WHERE store_id = ? AND jti = ? AND state = 'asked'",
			c.NodeID, tx.now, c.Store, c.JTI)
		if err != nil {
			return nil, fmt.Errorf("mark a code of the shop: %w", err)
		}
		kept, err := tx.shopCode(ctx, c.Store, c.JTI)
		if err != nil {
			return nil, err
		}
		return &kept, nil
	})
	if err != nil {
		return nil, err
	}
	kept, _ := v.(*shopify.Code)
	return kept, nil
}

// Tokens implements shopify.Storage.
func (s Shopify) Tokens(ctx context.Context, store string, macs [][]byte) (map[string]string, error) {
	out := map[string]string{}
	keys := make([][]any, len(macs))
	for i, m := range macs {
		keys[i] = []any{store, m}
	}
	err := s.db.view(ctx, func(ctx context.Context, tx *Tx) error {
		return tx.lookup(ctx, "shopify_codes", "code_mac, jti", "store_id, code_mac", keys, false, func(r *sql.Rows) error {
			var mac []byte
			var jti string
			if err := r.Scan(&mac, &jti); err != nil {
				return err
			}
			out[string(mac)] = jti
			return nil
		})
	})
	return out, err
}

// Sweep forgets codes that ended longer ago than keep: an order may be paid long after it was placed. It returns how
// many.
func (s Shopify) Sweep(ctx context.Context, keep time.Duration) (n int64, err error) {
	err = s.db.Run(ctx, func(ctx context.Context, tx *Tx) error {
		n, err = tx.exec(ctx, "DELETE FROM shopify_codes WHERE expires_at < ?", tx.now.Add(-keep))
		return err
	})
	return n, err
}
