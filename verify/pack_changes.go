package verify

import (
	"context"
	"slices"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/verify/datapack"
)

// maxListed bounds the domains that an effect lists; all are counted.
const maxListed = 100

// PackInput is a version of a data pack as somebody sends it.
type PackInput struct {
	Name string
	// Data is the file: a plain list, a JSON list of universities, or an archive. Or Content was read already.
	Data    []byte
	Content *datapack.Content
	Format  datapack.Format
	// Purpose is what a plain list is for.
	Purpose Purpose
	// Source says where it is from, for people.
	Source string
	// Digest, when set, is the only content that is accepted.
	Digest string
	// Version is the version that the change was made from; zero for a new pack.
	Version int
	// Affected is needed when the change affects attestations.
	Affected Affected
}

// PackEffect says what a change of a data pack does.
type PackEffect struct {
	// Before is the pack as it was; without any version when it is new.
	Before Pack
	// Version is the version that comes, and Change what is in it and not in the one before it.
	Version PackVersion
	Change  datapack.Change
	// Attestations counts the active ones that rest on domains which are eligible before the change and not after it.
	Attestations int
	// Domains are those domains with the most attestations, at most 100.
	Domains []MailDomain
	// Stores counts the stores with affected attestations.
	Stores int
}

// Pack is a store's own pack as the change leaves it.
func (e PackEffect) Pack(name string) Pack {
	p := e.Before
	p.Name, p.Newest = name, e.Version
	if !p.Pinned {
		p.InForce = e.Version
	}
	return p
}

// Packs returns the data packs that a store can use: its own, then the gateway's.
func (s *Service) Packs(ctx context.Context, store StoreRef) ([]Pack, error) {
	var found []Pack
	err := s.Storage.Read(ctx, store.ID, func(ctx context.Context, tx Tx) (err error) {
		found, err = tx.Packs(ctx)
		return err
	})
	return found, err
}

// Pack reads one pack and the content that is in force. Of two of one name it is the store's own. Faults: not_found.
func (s *Service) Pack(ctx context.Context, store StoreRef, name string) (Pack, *datapack.Content, error) {
	var pack Pack
	var content *datapack.Content
	err := s.Storage.Read(ctx, store.ID, func(ctx context.Context, tx Tx) (err error) {
		if pack, err = packNamed(ctx, tx, name); err == nil {
			content, err = s.packs.content(ctx, tx, pack.PackRef, pack.InForce)
		}
		return err
	})
	return pack, content, err
}

// PackVersions returns the versions of a pack, newest first, before a version (zero for the first page). Faults: not_found.
func (s *Service) PackVersions(ctx context.Context, store StoreRef, name string, before, limit int) ([]PackVersion, error) {
	var found []PackVersion
	err := s.Storage.Read(ctx, store.ID, func(ctx context.Context, tx Tx) error {
		pack, err := packNamed(ctx, tx, name)
		if err == nil {
			found, err = tx.PackVersions(ctx, pack.PackRef, before, limit)
		}
		return err
	})
	return found, err
}

// ComparePack tells what one version of a pack has that another one has not; from is zero for nothing at all. At most limit
// domains each way are listed. Faults: not_found.
func (s *Service) ComparePack(ctx context.Context, store StoreRef, name string, from, to, limit int) (PackVersion, datapack.Change, error) {
	var version PackVersion
	var change datapack.Change
	err := s.Storage.Read(ctx, store.ID, func(ctx context.Context, tx Tx) error {
		pack, err := packNamed(ctx, tx, name)
		if err != nil {
			return err
		}
		var old, content *datapack.Content
		if from > 0 {
			if _, old, err = s.versionOf(ctx, tx, pack.PackRef, from); err != nil {
				return err
			}
		}
		if version, content, err = s.versionOf(ctx, tx, pack.PackRef, to); err == nil {
			change = content.Compare(old, limit)
		}
		return err
	})
	return version, change, err
}

// PreviewPack tells what SavePack would do, and does not do it. Faults: those of SavePack.
func (s *Service) PreviewPack(ctx context.Context, store StoreRef, in PackInput) (PackEffect, error) {
	in, err := s.readPack(in)
	if err != nil {
		return PackEffect{}, err
	}
	return s.preview(ctx, store, func(ctx context.Context, tx Tx, dry packWriter) (PackEffect, error) {
		return s.savePack(ctx, tx, store, dry, in)
	})
}

// SavePack writes a version of a store's own pack. Unless the store is pinned to another version it is in force at once.
// Faults: invalid, version_conflict, name_taken when the gateway has a pack of that name, conflict when attestations are
// affected and nothing was chosen for them, when a policy could no longer be met, or when the content has another digest.
func (s *Service) SavePack(ctx context.Context, store StoreRef, by Actor, in PackInput) (PackEffect, error) {
	in, err := s.readPack(in)
	if err != nil {
		return PackEffect{}, err
	}
	return s.apply(ctx, store, func(ctx context.Context, tx Tx) (PackEffect, error) {
		return s.savePack(ctx, tx, store, packWriter{by: by, affected: in.Affected}, in)
	})
}

// savePack writes what was read.
func (s *Service) savePack(ctx context.Context, tx Tx, store StoreRef, w packWriter, in PackInput) (PackEffect, error) {
	all, err := tx.Packs(ctx)
	if err != nil {
		return PackEffect{}, err
	}
	old, own := ownPack(all, in.Name)
	if !own && slices.ContainsFunc(all, func(p Pack) bool { return p.Name == in.Name }) {
		return PackEffect{}, fault.New(fault.NameTaken, "The gateway has a data pack of this name. Choose another one.").At("#/name", "taken")
	}
	old.PackRef = PackRef{store.ID, in.Name}
	if old.Newest.Version != in.Version {
		return PackEffect{}, ErrPackChanged
	}
	return s.putPack(ctx, tx, store, w, old, in.Content, PackVersion{Format: in.Format, Source: in.Source})
}

// PreviewRollBack tells what RollBackPack would do, and does not do it.
func (s *Service) PreviewRollBack(ctx context.Context, store StoreRef, name string, to, version int) (PackEffect, error) {
	return s.preview(ctx, store, func(ctx context.Context, tx Tx, dry packWriter) (PackEffect, error) {
		return s.rollBack(ctx, tx, store, dry, name, to, version)
	})
}

// RollBackPack writes a new version of a store's own pack that holds what an older one held. version is the newest one, as
// the caller knows it. Faults: as SavePack, and not_found.
func (s *Service) RollBackPack(ctx context.Context, store StoreRef, by Actor, name string, to, version int, affected Affected) (PackEffect, error) {
	return s.apply(ctx, store, func(ctx context.Context, tx Tx) (PackEffect, error) {
		return s.rollBack(ctx, tx, store, packWriter{by: by, affected: affected}, name, to, version)
	})
}

func (s *Service) rollBack(ctx context.Context, tx Tx, store StoreRef, w packWriter, name string, to, version int) (PackEffect, error) {
	all, err := tx.Packs(ctx)
	if err != nil {
		return PackEffect{}, err
	}
	old, own := ownPack(all, name)
	if !own {
		return PackEffect{}, errNoPack
	}
	if old.Newest.Version != version {
		return PackEffect{}, ErrPackChanged
	}
	was, content, err := s.versionOf(ctx, tx, old.PackRef, to)
	if err != nil {
		return PackEffect{}, err
	}
	return s.putPack(ctx, tx, store, w, old, content, PackVersion{Format: was.Format, Source: was.Source, RolledBackTo: to})
}

// putPack writes content as the version after a pack's newest one.
func (s *Service) putPack(ctx context.Context, tx Tx, store StoreRef, w packWriter, old Pack, content *datapack.Content, v PackVersion) (PackEffect, error) {
	e := PackEffect{Before: old, Version: v}
	var before *datapack.Content
	var err error
	if old.Newest.Version > 0 {
		if before, err = s.packs.content(ctx, tx, old.PackRef, old.Newest); err != nil {
			return e, err
		}
	}
	e.describe(old.Newest.Version+1, content, before)
	if !old.Pinned {
		if err := s.movePack(ctx, tx, store, OpenPack{old.PackRef, e.Version.Version, content}, w, &e); err != nil {
			return e, err
		}
	}
	return w.keep(ctx, tx, old.Name, content, e)
}

// packKeeper is what a new version of a pack is written to: one store, or the library of all.
type packKeeper interface {
	Now() time.Time
	PutPack(ctx context.Context, name string, v PackVersion, content []byte) error
	Audit(ctx context.Context, c Change) error
}

// keep writes the next version of a pack, when its effect is accepted.
func (w packWriter) keep(ctx context.Context, tx packKeeper, name string, content *datapack.Content, e PackEffect) (PackEffect, error) {
	if err := w.settle(&e, tx.Now()); err != nil || w.dry {
		return e, err
	}
	stored, err := content.Encode()
	if err != nil {
		return e, err
	}
	if err := tx.PutPack(ctx, name, e.Version, stored); err != nil {
		return e, err
	}
	return e, tx.Audit(ctx, Change{w.by, "data_pack.saved", name, e.detail()})
}

// PreviewPin tells what PinPack would do, and does not do it.
func (s *Service) PreviewPin(ctx context.Context, store StoreRef, name string, version int) (PackEffect, error) {
	return s.preview(ctx, store, func(ctx context.Context, tx Tx, dry packWriter) (PackEffect, error) {
		return s.pin(ctx, tx, store, dry, name, version)
	})
}

// PinPack keeps a store at one version of a pack, its own or the gateway's: newer ones wait until the pin moves to them.
// Zero removes the pin. Faults: not_found, conflict as SavePack.
func (s *Service) PinPack(ctx context.Context, store StoreRef, by Actor, name string, version int, affected Affected) (PackEffect, error) {
	return s.apply(ctx, store, func(ctx context.Context, tx Tx) (PackEffect, error) {
		return s.pin(ctx, tx, store, packWriter{by: by, affected: affected}, name, version)
	})
}

func (s *Service) pin(ctx context.Context, tx Tx, store StoreRef, w packWriter, name string, version int) (PackEffect, error) {
	pack, err := packNamed(ctx, tx, name)
	if err != nil {
		return PackEffect{}, err
	}
	to := version
	if to == 0 {
		to = pack.Newest.Version
	}
	v, content, err := s.versionOf(ctx, tx, pack.PackRef, to)
	if err != nil {
		return PackEffect{}, err
	}
	before, err := s.packs.content(ctx, tx, pack.PackRef, pack.InForce)
	if err != nil {
		return PackEffect{}, err
	}
	e := PackEffect{Version: v, Change: content.Compare(before, maxListed)}
	if err := s.movePack(ctx, tx, store, OpenPack{pack.PackRef, to, content}, w, &e); err != nil {
		return e, err
	}
	choice := e
	if err := w.settle(&choice, tx.Now()); err != nil || w.dry {
		return e, err
	}
	if err := tx.PinPack(ctx, pack.PackRef, version); err != nil {
		return e, err
	}
	detail := map[string]any{"version": version, "digest": v.Digest, "affected": choice.Version.Affected, "attestations": e.Attestations}
	return e, tx.Audit(ctx, Change{w.by, "data_pack.pinned", name, detail})
}

// DeletePack removes a store's own pack with its history. Faults: not_found, conflict while a policy or a verifier needs it.
func (s *Service) DeletePack(ctx context.Context, store StoreRef, by Actor, name string) error {
	_, err := s.Storage.Write(ctx, store.ID, func(ctx context.Context, tx Tx) (any, error) {
		if err := s.movePack(ctx, tx, store, OpenPack{PackRef: PackRef{store.ID, name}}, packWriter{dry: true}, &PackEffect{}); err != nil {
			return nil, err
		}
		if err := tx.DeletePack(ctx, name); err != nil {
			return nil, err
		}
		return nil, tx.Audit(ctx, Change{by, "data_pack.deleted", name, nil})
	})
	return err
}

// readPack reads what was sent, and checks it against what was expected: Content and Format are set.
func (s *Service) readPack(in PackInput) (PackInput, error) {
	f := fault.New(fault.Invalid, "The data pack is not valid.")
	if !instanceName.MatchString(in.Name) {
		f = f.At("#/name", instanceRule)
	}
	if len(in.Source) > 500 {
		f = f.At("#/source", "at most 500 characters")
	}
	if in.Content == nil && !slices.Contains([]datapack.Format{"", datapack.Plain, datapack.Swot, datapack.Universities}, in.Format) {
		f = f.At("#/format", "one of plain, swot, universities")
	}
	if err := orNil(f); err != nil {
		return in, err
	}
	if in.Content == nil {
		var err error
		if in.Content, in.Format, err = s.Domains.Bytes(in.Data, in.Format, in.Purpose); err != nil {
			return in, err
		}
	}
	if digest := in.Content.Digest(); in.Digest != "" && in.Digest != digest {
		return in, fault.Newf(fault.Conflict, "The content is another one: its digest is %s.", digest).At("#/expect_digest", "not the digest of this content")
	}
	return in, nil
}

// versionOf reads one version of a pack with its content.
func (s *Service) versionOf(ctx context.Context, tx Tx, ref PackRef, version int) (PackVersion, *datapack.Content, error) {
	v, stored, err := tx.PackVersion(ctx, ref, version)
	if err != nil {
		return v, nil, err
	}
	content, err := datapack.Decode(stored, v.Digest)
	return v, content, err
}

var (
	errNoPack = fault.New(fault.NotFound, "There is no such data pack in this store.")
	// ErrPackChanged says that a newer version was written meanwhile.
	ErrPackChanged = fault.New(fault.VersionConflict, "Somebody changed this meanwhile. Read it again, then send your change with its version.")
)

func ownPack(all []Pack, name string) (Pack, bool) {
	i := slices.IndexFunc(all, func(p Pack) bool { return p.Name == name && !p.Gateway() })
	if i < 0 {
		return Pack{}, false
	}
	return all[i], true
}

// packNamed finds the pack that a name stands for in a store.
func packNamed(ctx context.Context, tx Tx, name string) (Pack, error) {
	all, err := tx.Packs(ctx)
	if err != nil {
		return Pack{}, err
	}
	i := slices.IndexFunc(all, func(p Pack) bool { return p.Name == name })
	if i < 0 {
		return Pack{}, errNoPack
	}
	return all[i], nil
}
