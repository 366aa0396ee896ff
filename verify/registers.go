package verify

import (
	"context"
	"time"
)

// PersonName is the name of a person as a register or the person writes it.
type PersonName struct {
	First  string `json:"f,omitempty"`
	Middle string `json:"m,omitempty"`
	Last   string `json:"l,omitempty"`
}

// RegisterRecord is one person in a public register that was imported. It belongs to no store.
type RegisterRecord struct {
	// Number is unique in its register.
	Number string
	// Names are the present name and former ones, at least one.
	Names []PersonName
	// Taxonomies are the codes of the professions, the primary one first.
	Taxonomies []string
	// States are two-letter codes of practice and licences.
	States []string
	Active bool
	// AsOf is the day of the record's last change, such as "2026-10-31". Older news never replaces newer.
	AsOf string
}

// Registers looks up public registers.
type Registers interface {
	// RegisterRecord finds a number. found is false when the register has none such.
	RegisterRecord(ctx context.Context, register, number string) (r RegisterRecord, found bool, err error)
}

// RegisterImport is how far the import of one file has come.
type RegisterImport struct {
	// File recognises the file, whatever it is called.
	File string
	// Offset is where the next row begins, in bytes; Rows are those read before it.
	Offset, Rows int64
	StartedAt    time.Time
	// FinishedAt is zero while the import is under way.
	FinishedAt time.Time
}

// RegisterWriter keeps what imports read.
type RegisterWriter interface {
	// BeginImport returns how far a file's import has come; a file that was never seen is at its beginning.
	BeginImport(ctx context.Context, register, file string) (RegisterImport, error)
	// Ending returns which of the inactive records tell that something ended: those that are active now, or not known,
	// and not newer.
	Ending(ctx context.Context, register string, inactive []RegisterRecord) (numbers []string, err error)
	// PutRecords writes records, each number once, and how far the import has come, in one transaction. A record that is
	// newer than the one that is given stays.
	PutRecords(ctx context.Context, register string, records []RegisterRecord, at RegisterImport, finished bool) error
}

// RosterEntry is one member on a store's own list. Nothing in it can be read: all keys are made by the store's tagger.
type RosterEntry struct {
	// Key is that of the number.
	Key PersonTag
	// Names are those of the ways in which the name may be given; Near are those of what a human has to look at.
	Names, Near []PersonTag
	Subgroup    string
}

// Rosters looks up entries of the lists of stores.
type Rosters interface {
	// RosterEntry finds an entry by the key of its number.
	RosterEntry(ctx context.Context, store, roster string, key PersonTag) (e RosterEntry, found bool, err error)
}
