package database

import (
	"context"
	"fmt"
	"time"

	"github.com/laurel-gateway/laurel/verify"
)

type packVersionRow struct {
	StoreID, Name, Digest, Format, Source, Affected, Author string

	Version, Eligible, Abused, Stopped, DomainsIn, DomainsOut, RolledBackTo, Attestations int

	CreatedAt time.Time
	// Newest is the pack's newest version, and Pinned the one that a store stays at; only where packs are listed.
	Newest int
	Pinned *int
	// Content is read of one version only.
	Content []byte
}

const packColumns = "v.store_id, v.name, v.version, v.digest, v.format, v.source, v.eligible, v.abused, v.stopped, v.domains_in, v.domains_out, " +
	"v.rolled_back_to, v.affected, v.attestations, v.author, v.created_at"

func (r packVersionRow) version() verify.PackVersion {
	return verify.PackVersion{
		Version: r.Version, Digest: r.Digest, Format: verify.PackFormat(r.Format), Source: r.Source, Eligible: r.Eligible, Abused: r.Abused, Stopped: r.Stopped,
		In: r.DomainsIn, Out: r.DomainsOut, RolledBackTo: r.RolledBackTo, Affected: verify.Affected(r.Affected), Attestations: r.Attestations,
		By: r.Author, CreatedAt: r.CreatedAt.UTC(),
	}
}

// packsOf gathers packs from their newest and their pinned versions, which follow one another.
func packsOf(rows []packVersionRow) []verify.Pack {
	var out []verify.Pack
	for _, r := range rows {
		ref := verify.PackRef{Store: r.StoreID, Name: r.Name}
		if len(out) == 0 || out[len(out)-1].PackRef != ref {
			out = append(out, verify.Pack{PackRef: ref})
		}
		p := &out[len(out)-1]
		if p.Pinned = r.Pinned != nil; r.Version == r.Newest {
			p.Newest = r.version()
		}
		if r.Pinned == nil || *r.Pinned == r.Version {
			p.InForce = r.version()
		}
	}
	return out
}

// Packs implements verify.PacksTx.
func (t *verifyTx) Packs(ctx context.Context) ([]verify.Pack, error) {
	var rows []packVersionRow
	err := t.query(ctx, &rows, "SELECT "+packColumns+", p.version AS newest, pin.version AS pinned FROM data_packs p "+
		"LEFT JOIN data_pack_pins pin ON pin.store_id = ? AND pin.pack_store = p.store_id AND pin.name = p.name "+
		"JOIN data_pack_versions v ON v.store_id = p.store_id AND v.name = p.name AND (v.version = p.version OR v.version = pin.version) "+
		"WHERE p.store_id = ? OR p.store_id = '' ORDER BY CASE WHEN p.store_id = '' THEN 1 ELSE 0 END, p.name, v.version", t.store, t.store)
	if err != nil {
		return nil, fmt.Errorf("read data packs: %w", err)
	}
	return packsOf(rows), nil
}

// PackVersions implements verify.PacksTx.
func (t *verifyTx) PackVersions(ctx context.Context, ref verify.PackRef, before, limit int) ([]verify.PackVersion, error) {
	return t.packVersions(ctx, t.mine(ref), before, limit)
}

// mine names a pack as this store may see it: its own, or the gateway's.
func (t *verifyTx) mine(ref verify.PackRef) verify.PackRef {
	if !ref.Gateway() {
		ref.Store = t.store
	}
	return ref
}

func (tx *Tx) packVersions(ctx context.Context, ref verify.PackRef, before, limit int) ([]verify.PackVersion, error) {
	var rows []packVersionRow
	err := tx.query(ctx, &rows, "SELECT "+packColumns+" FROM data_pack_versions v WHERE v.store_id = ? AND v.name = ? AND (? = 0 OR v.version < ?) "+
		"ORDER BY v.version DESC LIMIT ?", ref.Store, ref.Name, before, before, limit)
	if err != nil {
		return nil, fmt.Errorf("read versions of a data pack: %w", err)
	}
	out := make([]verify.PackVersion, len(rows))
	for i, r := range rows {
		out[i] = r.version()
	}
	return out, nil
}

// PackVersion implements verify.PacksTx.
func (t *verifyTx) PackVersion(ctx context.Context, ref verify.PackRef, version int) (verify.PackVersion, []byte, error) {
	return t.packVersion(ctx, t.mine(ref), version)
}

func (tx *Tx) packVersion(ctx context.Context, ref verify.PackRef, version int) (verify.PackVersion, []byte, error) {
	var row packVersionRow
	found, err := tx.one(ctx, &row, "SELECT "+packColumns+", v.content FROM data_pack_versions v WHERE v.store_id = ? AND v.name = ? AND v.version = ?",
		ref.Store, ref.Name, version)
	switch {
	case err != nil:
		return verify.PackVersion{}, nil, fmt.Errorf("read a version of a data pack: %w", err)
	case !found:
		return verify.PackVersion{}, nil, missing("version of the data pack")
	}
	return row.version(), row.Content, nil
}

// PutPack implements verify.PacksTx.
func (t *verifyTx) PutPack(ctx context.Context, name string, v verify.PackVersion, content []byte) error {
	if err := t.putPack(ctx, verify.PackRef{Store: t.store, Name: name}, v, content); err != nil {
		return err
	}
	return t.revised(ctx)
}

func (tx *Tx) putPack(ctx context.Context, ref verify.PackRef, v verify.PackVersion, content []byte) error {
	var n int64
	var err error
	if v.Version == 1 {
		n, err = tx.exec(ctx, "INSERT INTO data_packs (store_id, name, version) VALUES (?, ?, 1) ON CONFLICT DO NOTHING", ref.Store, ref.Name)
	} else {
		n, err = tx.exec(ctx, "UPDATE data_packs SET version = ? WHERE store_id = ? AND name = ? AND version = ?", v.Version, ref.Store, ref.Name, v.Version-1)
	}
	switch {
	case err != nil:
		return fmt.Errorf("write a data pack: %w", err)
	case n == 0:
		return errChangedMeanwhile
	}
	_, err = tx.exec(ctx, "INSERT INTO data_pack_versions (store_id, name, version, digest, format, source, eligible, abused, stopped, domains_in, "+
		"domains_out, rolled_back_to, affected, attestations, author, content, created_at) VALUES "+placeholders(1, 17),
		ref.Store, ref.Name, v.Version, v.Digest, string(v.Format), v.Source, v.Eligible, v.Abused, v.Stopped, v.In,
		v.Out, v.RolledBackTo, string(v.Affected), v.Attestations, v.By, content, v.CreatedAt)
	if err != nil {
		return fmt.Errorf("write a version of a data pack: %w", err)
	}
	return nil
}

// DeletePack implements verify.PacksTx.
func (t *verifyTx) DeletePack(ctx context.Context, name string) error {
	if err := t.deletePack(ctx, verify.PackRef{Store: t.store, Name: name}); err != nil {
		return err
	}
	return t.revised(ctx)
}

func (tx *Tx) deletePack(ctx context.Context, ref verify.PackRef) error {
	n, err := tx.exec(ctx, "DELETE FROM data_packs WHERE store_id = ? AND name = ?", ref.Store, ref.Name)
	if err := must(n, err, "data pack"); err != nil {
		return err
	}
	for _, statement := range []string{
		"DELETE FROM data_pack_versions WHERE store_id = ? AND name = ?", "DELETE FROM data_pack_pins WHERE pack_store = ? AND name = ?",
	} {
		if _, err := tx.exec(ctx, statement, ref.Store, ref.Name); err != nil {
			return fmt.Errorf("delete a data pack: %w", err)
		}
	}
	return nil
}

// PinPack implements verify.PacksTx.
func (t *verifyTx) PinPack(ctx context.Context, ref verify.PackRef, version int) error {
	ref = t.mine(ref)
	var err error
	if version == 0 {
		_, err = t.exec(ctx, "DELETE FROM data_pack_pins WHERE store_id = ? AND pack_store = ? AND name = ?", t.store, ref.Store, ref.Name)
	} else {
		_, err = t.exec(ctx, "INSERT INTO data_pack_pins (store_id, pack_store, name, version) VALUES (?, ?, ?, ?) "+
			"ON CONFLICT (store_id, pack_store, name) DO UPDATE SET version = excluded.version", t.store, ref.Store, ref.Name, version)
	}
	if err != nil {
		return fmt.Errorf("pin a data pack: %w", err)
	}
	return t.revised(ctx)
}
