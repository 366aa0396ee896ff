package console

import (
	"context"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/loyalty"
)

// ErrProgramMissing says that a store has no loyalty program yet.
var ErrProgramMissing = fault.New(fault.ProgramMissing, "This store has no loyalty program yet. Save one to begin.")

// ProgramRecord is a version of a loyalty program, with who made it when.
type ProgramRecord struct {
	loyalty.Program
	Actor     string
	UpdatedAt time.Time
}

// ProgramTx keeps programs. A version never changes.
type ProgramTx interface {
	// Program returns the current version.
	Program(ctx context.Context, store string) (ProgramRecord, bool, error)
	// LockProgram is Program, and keeps others from changing it until the end of the transaction.
	LockProgram(ctx context.Context, store string) (ProgramRecord, bool, error)
	// PutProgram writes a version that follows the current one, or the first. Two firsts: version_conflict.
	PutProgram(ctx context.Context, p ProgramRecord) error
}

// Program returns a store's loyalty program. Faults: program_missing.
func (s *Service) Program(ctx context.Context, store string) (ProgramRecord, error) {
	return read(ctx, s.storage, func(ctx context.Context, tx Tx) (ProgramRecord, error) {
		p, ok, err := tx.Program(ctx, store)
		if err == nil && !ok {
			err = ErrProgramMissing
		}
		return p, err
	})
}

// SaveProgram writes the next version of a store's program; version is the one that the change was made from, 0 when
// there was none. Faults: invalid, version_conflict.
func (s *Service) SaveProgram(ctx context.Context, o Origin, store string, version int64, p loyalty.Program) (*ProgramRecord, error) {
	if err := p.Check(); err != nil {
		return nil, err
	}
	return write(ctx, s.storage, func(ctx context.Context, tx Tx) (*ProgramRecord, error) {
		was, ok, err := tx.LockProgram(ctx, store)
		if err != nil {
			return nil, err
		}
		if was.Version != version {
			return nil, ErrStale
		}
		var before any
		if ok {
			before = was.Program
		}
		p := p
		p.Store, p.Version = store, version+1
		r := ProgramRecord{Program: p, Actor: o.Actor, UpdatedAt: tx.Now()}
		if err := tx.PutProgram(ctx, r); err != nil {
			return nil, err
		}
		return &r, audit(ctx, tx, o, store, "program.saved", store, before, p)
	})
}
