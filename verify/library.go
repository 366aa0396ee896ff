package verify

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/verify/datapack"
)

// Librarian changes the packs of the gateway, which every store can use. It is for operators.
type Librarian struct {
	*Service
	Library Library
	// Stores are all that there are.
	Stores []StoreRef
}

// errDry rolls back what only looked.
var errDry = errors.New("nothing was to be changed")

// write runs fn in one transaction, which is rolled back when the writer is dry.
func (l Librarian) write(ctx context.Context, w packWriter, fn func(context.Context, LibraryTx) (PackEffect, error)) (PackEffect, error) {
	var e PackEffect
	err := l.Library.WriteLibrary(ctx, func(ctx context.Context, tx LibraryTx) (err error) {
		if e, err = fn(ctx, tx); err == nil && w.dry {
			return errDry
		}
		return err
	})
	if errors.Is(err, errDry) {
		return e, nil
	}
	return e, err
}

// Packs returns the gateway's packs, by name.
func (l Librarian) Packs(ctx context.Context) ([]Pack, error) {
	var found []Pack
	_, err := l.write(ctx, packWriter{dry: true}, func(ctx context.Context, tx LibraryTx) (_ PackEffect, err error) {
		found, err = tx.Packs(ctx)
		return PackEffect{}, err
	})
	return found, err
}

// Versions returns the versions of a pack, newest first, before a version (zero for the first page).
func (l Librarian) Versions(ctx context.Context, name string, before, limit int) ([]PackVersion, error) {
	var found []PackVersion
	_, err := l.write(ctx, packWriter{dry: true}, func(ctx context.Context, tx LibraryTx) (PackEffect, error) {
		if _, err := known(ctx, tx, name); err != nil {
			return PackEffect{}, err
		}
		var err error
		found, err = tx.PackVersions(ctx, name, before, limit)
		return PackEffect{}, err
	})
	return found, err
}

// Save writes a version of a pack of the gateway, as SavePack does in one store. With dry nothing is changed, and the
// effect is that of all stores. Faults: as SavePack.
func (l Librarian) Save(ctx context.Context, by Actor, in PackInput, dry bool) (PackEffect, error) {
	in, err := l.readPack(in)
	if err != nil {
		return PackEffect{}, err
	}
	w := packWriter{by: by, affected: in.Affected, dry: dry}
	return l.write(ctx, w, func(ctx context.Context, tx LibraryTx) (PackEffect, error) {
		old, err := known(ctx, tx, in.Name)
		if err != nil && fault.CodeOf(err) != fault.NotFound {
			return PackEffect{}, err
		}
		old.Name = in.Name
		if in.Version != old.Newest.Version {
			return PackEffect{}, ErrPackChanged
		}
		return l.put(ctx, tx, w, old, in.Content, PackVersion{Format: in.Format, Source: in.Source})
	})
}

// RollBack writes a new version that holds what an older one held. Faults: as RollBackPack.
func (l Librarian) RollBack(ctx context.Context, by Actor, name string, to int, affected Affected, dry bool) (PackEffect, error) {
	w := packWriter{by: by, affected: affected, dry: dry}
	return l.write(ctx, w, func(ctx context.Context, tx LibraryTx) (PackEffect, error) {
		old, err := known(ctx, tx, name)
		if err != nil {
			return PackEffect{}, err
		}
		was, stored, err := tx.PackVersion(ctx, name, to)
		if err != nil {
			return PackEffect{}, err
		}
		content, err := datapack.Decode(stored, was.Digest)
		if err != nil {
			return PackEffect{}, err
		}
		return l.put(ctx, tx, w, old, content, PackVersion{Format: was.Format, Source: was.Source, RolledBackTo: to})
	})
}

// Delete removes a pack of the gateway with its history, and the pins that stores have on it. Faults: not_found, conflict
// while a policy or a verifier of a store needs it, or when attestations are affected and nothing was chosen for them.
func (l Librarian) Delete(ctx context.Context, by Actor, name string, affected Affected, dry bool) (PackEffect, error) {
	w := packWriter{by: by, affected: affected, dry: dry}
	return l.write(ctx, w, func(ctx context.Context, tx LibraryTx) (PackEffect, error) {
		var e PackEffect
		old, err := known(ctx, tx, name)
		if err != nil {
			return e, err
		}
		_, stored, err := tx.PackVersion(ctx, name, old.Newest.Version)
		if err != nil {
			return e, err
		}
		content, err := datapack.Decode(stored, old.Newest.Digest)
		if err != nil {
			return e, err
		}
		e.Change = datapack.New(nil).Compare(content, maxListed)
		if err := l.everywhere(ctx, tx, w, OpenPack{PackRef: old.PackRef}, &e); err != nil {
			return e, err
		}
		if err := w.settle(&e, tx.Now()); err != nil || w.dry {
			return e, err
		}
		if err := tx.DeletePack(ctx, name); err != nil {
			return e, err
		}
		return e, tx.Audit(ctx, Change{by, "data_pack.deleted", name, map[string]any{"affected": e.Version.Affected, "attestations": e.Attestations}})
	})
}

func (l Librarian) put(ctx context.Context, tx LibraryTx, w packWriter, old Pack, content *datapack.Content, v PackVersion) (PackEffect, error) {
	e := PackEffect{Version: v}
	var before *datapack.Content
	if old.Newest.Version > 0 {
		_, stored, err := tx.PackVersion(ctx, old.Name, old.Newest.Version)
		if err != nil {
			return e, err
		}
		if before, err = datapack.Decode(stored, old.Newest.Digest); err != nil {
			return e, err
		}
	}
	e.describe(old.Newest.Version+1, content, before)
	if err := l.everywhere(ctx, tx, w, OpenPack{old.PackRef, e.Version.Version, content}, &e); err != nil {
		return e, err
	}
	return w.keep(ctx, tx, old.Name, content, e)
}

// everywhere moves every store that follows the pack to another version of it.
func (l Librarian) everywhere(ctx context.Context, tx LibraryTx, w packWriter, to OpenPack, e *PackEffect) error {
	for _, store := range l.Stores {
		in, err := tx.Store(ctx, store.ID)
		if err != nil {
			return fmt.Errorf("store %s: %w", store.ID, err)
		}
		all, err := in.Packs(ctx)
		if err != nil {
			return fmt.Errorf("store %s: %w", store.ID, err)
		}
		pinned := slices.ContainsFunc(all, func(p Pack) bool { return p.PackRef == to.PackRef && p.Pinned })
		if pinned && to.Content != nil {
			continue
		}
		if err := l.movePack(ctx, in, store, to, w, e); err != nil {
			return fmt.Errorf("store %s: %w", store.ID, err)
		}
	}
	return nil
}

// Settle ends, in every store, what data packs took the ground from, and returns how many it ended.
func (l Librarian) Settle(ctx context.Context) (int, error) {
	total := 0
	for _, store := range l.Stores {
		for {
			n, err := l.SettleWithdrawals(ctx, store, domainsAtOnce)
			total += n
			if err != nil {
				return total, fmt.Errorf("store %s: %w", store.ID, err)
			}
			if n < domainsAtOnce {
				break
			}
		}
	}
	return total, nil
}

// known finds a pack of the gateway.
func known(ctx context.Context, tx LibraryTx, name string) (Pack, error) {
	all, err := tx.Packs(ctx)
	if err != nil {
		return Pack{}, err
	}
	i := slices.IndexFunc(all, func(p Pack) bool { return p.Name == name })
	if i < 0 {
		return Pack{}, fault.New(fault.NotFound, "The gateway has no such data pack.")
	}
	return all[i], nil
}
