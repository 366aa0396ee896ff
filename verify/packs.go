package verify

import (
	"context"
	"fmt"
	"sync"
	"time"
	"weak"

	"github.com/laurel-gateway/laurel/verify/datapack"
)

// Purpose says what a part of a data pack is for.
type Purpose = datapack.Purpose

// The purposes of a data pack's parts.
const (
	Eligible = datapack.Eligible
	Abused   = datapack.Abused
	Stopped  = datapack.Stopped
)

// PackFormat is how a data pack came.
type PackFormat = datapack.Format

// PackRef names a data pack: a store's own, or, without a store, one of the gateway's, which every store can use.
type PackRef struct{ Store, Name string }

// Gateway reports whether the pack is the gateway's own.
func (r PackRef) Gateway() bool { return r.Store == "" }

// Affected says what becomes of attestations that rest on domains which a change takes away.
type Affected string

// The choices.
const (
	// KeepAffected lets them be until they lapse.
	KeepAffected Affected = "keep"
	// EndAffected ends them, and revokes their live tokens.
	EndAffected Affected = "end"
)

// PackVersion is one version of a data pack: what it holds, in figures, and where it came from.
type PackVersion struct {
	Version int
	// Digest is "sha256:" and the hex digest of the domains.
	Digest string
	Format PackFormat
	// Source says where the content is from: a file's name, a commit. It is for people.
	Source string
	// Eligible, Abused and Stopped count the domains of each part.
	Eligible, Abused, Stopped int
	// In and Out count what the version brought and took, of all parts.
	In, Out int
	// RolledBackTo is the version whose content this one has again; zero for an import.
	RolledBackTo int
	// Affected is what was chosen for the Attestations that the version affected when it came into force. Where none
	// was, nothing had to be chosen.
	Affected     Affected
	Attestations int
	By           string
	CreatedAt    time.Time
}

// Purpose is what the whole version is for, or "mixed" when it has several parts.
func (v PackVersion) Purpose() string {
	held := ""
	for purpose, n := range map[Purpose]int{Eligible: v.Eligible, Abused: v.Abused, Stopped: v.Stopped} {
		switch {
		case n > 0 && held != "":
			return "mixed"
		case n > 0:
			held = string(purpose)
		}
	}
	return held
}

// Count is how many domains the version has in all.
func (v PackVersion) Count() int { return v.Eligible + v.Abused + v.Stopped }

// Pack is a data pack as a store sees it.
type Pack struct {
	PackRef
	// Newest is the newest version; InForce is the one that the store's verifiers use: the pinned one, else the newest.
	Newest, InForce PackVersion
	// Pinned says that newer versions wait until they are accepted.
	Pinned bool
}

// OpenPack is a data pack as verifiers see it: the version in force.
type OpenPack struct {
	PackRef
	Version int
	Content *datapack.Content
}

// MailDomain counts the active attestations that rest on mailboxes in one domain, proven by one requirement.
type MailDomain struct {
	Requirement  Requirement
	Domain       string
	Attestations int
}

// PacksTx is data packs, and what rests on them.
type PacksTx interface {
	// Packs returns the store's own packs and the gateway's, the store's own first, then by name.
	Packs(ctx context.Context) ([]Pack, error)
	// PackVersions returns the versions of a pack, newest first, before a version (zero for the first page).
	PackVersions(ctx context.Context, ref PackRef, before, limit int) ([]PackVersion, error)
	// PackVersion returns one version and its stored content.
	PackVersion(ctx context.Context, ref PackRef, version int) (PackVersion, []byte, error)
	// PutPack writes a version of the store's own pack; version_conflict as PutPolicy.
	PutPack(ctx context.Context, name string, v PackVersion, content []byte) error
	// DeletePack removes a pack of the store's own with its versions and its pin.
	DeletePack(ctx context.Context, name string) error
	// PinPack keeps the store at a version of a pack; zero removes the pin.
	PinPack(ctx context.Context, ref PackRef, version int) error

	// PutMailDomains notes on which mailboxes an attestation rests, instead of what was noted of it before. Attestations
	// of the entries are ignored.
	PutMailDomains(ctx context.Context, attestation string, domains []MailDomain) error
	// MoveMailDomains makes what was noted of one attestation that of another, which takes its place.
	MoveMailDomains(ctx context.Context, from, to string) error
	// MailDomains counts the attestations that are active now, by requirement and domain, in that order, after one of
	// them (the zero value for the first page).
	MailDomains(ctx context.Context, after MailDomain, limit int) ([]MailDomain, error)
	// ActiveIn returns ids of active attestations that rest on a mailbox in a domain, and were noted before a moment.
	ActiveIn(ctx context.Context, r Requirement, domain string, before time.Time, limit int) ([]string, error)
	// PutWithdrawals notes what is to be ended. What is noted already keeps its moment.
	PutWithdrawals(ctx context.Context, all []Withdrawal) error
	Withdrawals(ctx context.Context, limit int) ([]Withdrawal, error)
	DeleteWithdrawal(ctx context.Context, w Withdrawal) error
}

// Withdrawal asks for the end of the attestations that rested on a domain at a moment.
type Withdrawal struct {
	Requirement Requirement
	Domain      string
	At          time.Time
}

// LibraryTx is one transaction over the packs of the gateway, and over stores.
type LibraryTx interface {
	Now() time.Time
	// Packs returns the gateway's packs, by name. None is pinned: that is a matter of stores.
	Packs(ctx context.Context) ([]Pack, error)
	PackVersions(ctx context.Context, name string, before, limit int) ([]PackVersion, error)
	PackVersion(ctx context.Context, name string, version int) (PackVersion, []byte, error)
	// PutPack writes a version; version_conflict as PutPolicy.
	PutPack(ctx context.Context, name string, v PackVersion, content []byte) error
	DeletePack(ctx context.Context, name string) error
	Audit(ctx context.Context, c Change) error
	// Store is the same transaction in one store. Faults: not_found.
	Store(ctx context.Context, store string) (Tx, error)
}

// Library keeps the packs of the gateway.
type Library interface {
	// WriteLibrary runs fn in one transaction. An error rolls back.
	WriteLibrary(ctx context.Context, fn func(context.Context, LibraryTx) error) error
}

// packKey names a content for ever: a pack that is deleted and made anew may have the same version, but then not all of
// the rest.
type packKey struct {
	PackRef
	version                   int
	digest                    string
	eligible, abused, stopped int
}

// packCache shares contents among stores and revisions for as long as any of them is in use.
type packCache struct {
	mu   sync.Mutex
	held map[packKey]weak.Pointer[datapack.Content]
}

// content returns the content of a version, read with tx when nobody holds it.
func (c *packCache) content(ctx context.Context, tx PacksTx, ref PackRef, v PackVersion) (*datapack.Content, error) {
	key := packKey{ref, v.Version, v.Digest, v.Eligible, v.Abused, v.Stopped}
	c.mu.Lock()
	held := c.held[key].Value()
	c.mu.Unlock()
	if held != nil {
		return held, nil
	}
	_, stored, err := tx.PackVersion(ctx, ref, v.Version)
	if err != nil {
		return nil, err
	}
	content, err := datapack.Decode(stored, v.Digest)
	if err != nil {
		return nil, fmt.Errorf("reading version %d of the data pack %s: %w", v.Version, ref.Name, err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.held == nil {
		c.held = map[packKey]weak.Pointer[datapack.Content]{}
	}
	for known, pointer := range c.held {
		if pointer.Value() == nil {
			delete(c.held, known)
		}
	}
	c.held[key] = weak.Make(content)
	return content, nil
}

// openPacks returns the packs in force in the store of a transaction. Of two with one name the store's own counts.
func (s *Service) openPacks(ctx context.Context, tx Tx) ([]OpenPack, error) {
	all, err := tx.Packs(ctx)
	if err != nil {
		return nil, err
	}
	open := make([]OpenPack, 0, len(all))
	for _, p := range all {
		content, err := s.packs.content(ctx, tx, p.PackRef, p.InForce)
		if err != nil {
			return nil, err
		}
		open = append(open, OpenPack{p.PackRef, p.InForce.Version, content})
	}
	return open, nil
}
