package database

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/laurel-gateway/laurel/internal/tenant"
	"github.com/laurel-gateway/laurel/verify"
)

var _ verify.Library = (*VerifyStorage)(nil)

// WriteLibrary implements verify.Library.
func (s *VerifyStorage) WriteLibrary(ctx context.Context, fn func(context.Context, verify.LibraryTx) error) error {
	return s.db.Run(ctx, func(ctx context.Context, tx *Tx) error { return fn(ctx, &libraryTx{tx, s}) })
}

// libraryTx is a transaction over the packs of the gateway.
type libraryTx struct {
	*Tx
	storage *VerifyStorage
}

// Packs implements verify.LibraryTx.
func (t *libraryTx) Packs(ctx context.Context) ([]verify.Pack, error) {
	var rows []packVersionRow
	err := t.query(ctx, &rows, "SELECT "+packColumns+", p.version AS newest FROM data_packs p "+
		"JOIN data_pack_versions v ON v.store_id = p.store_id AND v.name = p.name AND v.version = p.version WHERE p.store_id = '' ORDER BY p.name")
	if err != nil {
		return nil, fmt.Errorf("read the gateway's data packs: %w", err)
	}
	return packsOf(rows), nil
}

// PackVersions implements verify.LibraryTx.
func (t *libraryTx) PackVersions(ctx context.Context, name string, before, limit int) ([]verify.PackVersion, error) {
	return t.packVersions(ctx, verify.PackRef{Name: name}, before, limit)
}

// PackVersion implements verify.LibraryTx.
func (t *libraryTx) PackVersion(ctx context.Context, name string, version int) (verify.PackVersion, []byte, error) {
	return t.packVersion(ctx, verify.PackRef{Name: name}, version)
}

// PutPack implements verify.LibraryTx.
func (t *libraryTx) PutPack(ctx context.Context, name string, v verify.PackVersion, content []byte) error {
	if err := t.putPack(ctx, verify.PackRef{Name: name}, v, content); err != nil {
		return err
	}
	return t.revised(ctx)
}

// DeletePack implements verify.LibraryTx.
func (t *libraryTx) DeletePack(ctx context.Context, name string) error {
	if err := t.deletePack(ctx, verify.PackRef{Name: name}); err != nil {
		return err
	}
	return t.revised(ctx)
}

// revised marks that the gateway's packs changed.
func (t *libraryTx) revised(ctx context.Context) error {
	if _, err := t.exec(ctx, "UPDATE data_pack_revisions SET revision = revision + 1 WHERE scope = 'gateway'"); err != nil {
		return fmt.Errorf("mark changed data packs: %w", err)
	}
	return nil
}

// Audit implements verify.LibraryTx.
func (t *libraryTx) Audit(ctx context.Context, c verify.Change) error {
	changes, err := json.Marshal(c.Detail)
	if err != nil {
		return fmt.Errorf("encode an audit entry: %w", err)
	}
	return t.Tx.Audit(ctx, tenant.AuditEntry{Actor: c.Name, Action: c.Action, Target: c.Target, Changes: changes, RequestID: c.RequestID})
}

// Store implements verify.LibraryTx.
func (t *libraryTx) Store(ctx context.Context, store string) (verify.Tx, error) {
	return t.storage.bind(ctx, t.Tx, store)
}
