package verifyfake

import (
	"context"
	"time"

	"github.com/laurel-gateway/laurel/verify"
)

// recordKey names a record of a register.
type recordKey struct{ register, number string }

// RegisterRecord implements verify.Registers.
func (s *Storage) RegisterRecord(_ context.Context, register, number string) (verify.RegisterRecord, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, found := s.records[recordKey{register, number}]
	return r, found, nil
}

// BeginImport implements verify.RegisterWriter.
func (s *Storage) BeginImport(_ context.Context, register, file string) (verify.RegisterImport, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := recordKey{register, file}
	if _, known := s.imports[key]; !known {
		s.imports[key] = verify.RegisterImport{File: file, StartedAt: s.time()}
	}
	return s.imports[key], nil
}

// Ending implements verify.RegisterWriter.
func (s *Storage) Ending(_ context.Context, register string, inactive []verify.RegisterRecord) ([]string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var ending []string
	for _, r := range inactive {
		if known, ok := s.records[recordKey{register, r.Number}]; !ok || known.Active && known.AsOf <= r.AsOf {
			ending = append(ending, r.Number)
		}
	}
	return ending, nil
}

// PutRecords implements verify.RegisterWriter.
func (s *Storage) PutRecords(_ context.Context, register string, records []verify.RegisterRecord, at verify.RegisterImport, finished bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range records {
		key := recordKey{register, r.Number}
		if s.records[key].AsOf <= r.AsOf {
			s.records[key] = r
		}
	}
	at.FinishedAt = time.Time{}
	if finished {
		at.FinishedAt = s.time()
	}
	s.imports[recordKey{register, at.File}] = at
	return nil
}
