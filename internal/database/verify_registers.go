package database

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/laurel-gateway/laurel/verify"
)

var (
	_ verify.Registers      = (*VerifyStorage)(nil)
	_ verify.RegisterWriter = (*VerifyStorage)(nil)
	_ verify.Rosters        = (*VerifyStorage)(nil)
)

var registerRow = newTable("register_records", 2, "register text, number text, names text, taxonomies text, states text, active boolean, as_of text")

// RegisterRecord implements verify.Registers.
func (s *VerifyStorage) RegisterRecord(ctx context.Context, register, number string) (r verify.RegisterRecord, found bool, err error) {
	var row struct {
		Names, Taxonomies, States string
		Active                    bool
		AsOf                      string
	}
	err = s.db.view(ctx, func(ctx context.Context, tx *Tx) (err error) {
		found, err = tx.one(ctx, &row, "SELECT names, taxonomies, states, active, as_of FROM register_records WHERE register = ? AND number = ?", register, number)
		return err
	})
	if err != nil || !found {
		return r, false, err
	}
	r = verify.RegisterRecord{Number: number, Active: row.Active, AsOf: row.AsOf}
	for column, into := range map[string]any{row.Names: &r.Names, row.Taxonomies: &r.Taxonomies, row.States: &r.States} {
		if err := fromText(column, into); err != nil {
			return r, false, err
		}
	}
	return r, true, nil
}

// BeginImport implements verify.RegisterWriter.
func (s *VerifyStorage) BeginImport(ctx context.Context, register, file string) (verify.RegisterImport, error) {
	at := verify.RegisterImport{File: file}
	err := s.db.Run(ctx, func(ctx context.Context, tx *Tx) error {
		_, err := tx.exec(ctx, "INSERT INTO register_imports (register, file, read_bytes, read_rows, started_at, finished_at) "+
			"VALUES (?, ?, 0, 0, ?, NULL) ON CONFLICT DO NOTHING", register, file, tx.now)
		if err != nil {
			return fmt.Errorf("begin an import: %w", err)
		}
		var row struct {
			ReadBytes, ReadRows int64
			StartedAt           time.Time
			FinishedAt          *time.Time
		}
		_, err = tx.one(ctx, &row, "SELECT read_bytes, read_rows, started_at, finished_at FROM register_imports WHERE register = ? AND file = ?", register, file)
		at.Offset, at.Rows, at.StartedAt, at.FinishedAt = row.ReadBytes, row.ReadRows, row.StartedAt.UTC(), orZero(row.FinishedAt)
		return err
	})
	return at, err
}

// Ending implements verify.RegisterWriter.
func (s *VerifyStorage) Ending(ctx context.Context, register string, inactive []verify.RegisterRecord) ([]string, error) {
	if len(inactive) == 0 {
		return nil, nil
	}
	keys := make([][]any, len(inactive))
	for i, r := range inactive {
		keys[i] = []any{register, r.Number}
	}
	var rows []struct {
		Number, AsOf string
		Active       bool
	}
	err := s.db.view(ctx, func(ctx context.Context, tx *Tx) error {
		where, args := tx.in("register, number", keys)
		return tx.query(ctx, &rows, "SELECT number, active, as_of FROM register_records WHERE "+where, args...)
	})
	if err != nil {
		return nil, fmt.Errorf("read known records: %w", err)
	}
	settled := map[string]bool{}
	asOf := map[string]string{}
	for _, r := range rows {
		settled[r.Number], asOf[r.Number] = !r.Active, r.AsOf
	}
	var ending []string
	for _, r := range inactive {
		if !settled[r.Number] && asOf[r.Number] <= r.AsOf {
			ending = append(ending, r.Number)
		}
	}
	return ending, nil
}

// newerWins writes a record unless the one that is there is newer.
const newerWins = " ON CONFLICT (register, number) DO UPDATE SET names = excluded.names, taxonomies = excluded.taxonomies, " +
	"states = excluded.states, active = excluded.active, as_of = excluded.as_of WHERE register_records.as_of <= excluded.as_of"

// PutRecords implements verify.RegisterWriter.
func (s *VerifyStorage) PutRecords(ctx context.Context, register string, records []verify.RegisterRecord, at verify.RegisterImport, finished bool) error {
	rows := make([][]any, 0, len(records))
	for _, r := range records {
		columns, err := texts(r.Names, r.Taxonomies, r.States)
		if err != nil {
			return err
		}
		rows = append(rows, slices.Concat([]any{register, r.Number}, columns, []any{r.Active, r.AsOf}))
	}
	return s.db.Run(ctx, func(ctx context.Context, tx *Tx) error {
		var p pipeline
		if err := tx.insertion(&p, registerRow, rows, newerWins); err != nil {
			return err
		}
		for i := range p {
			p[i].changes = anyChanges
		}
		if err := tx.run(ctx, p); err != nil {
			return err
		}
		var end any
		if finished {
			end = tx.now
		}
		n, err := tx.exec(ctx, "UPDATE register_imports SET read_bytes = ?, read_rows = ?, finished_at = ? WHERE register = ? AND file = ? AND read_bytes <= ?",
			at.Offset, at.Rows, end, register, at.File, at.Offset)
		return must(n, err, "import")
	})
}

var rosterRow = newTable("roster_entries", 3, "store_id text, roster text, entry_key text, names text, near text, subgroup text")

// PutRoster implements verify.SettingsTx.
func (t *verifyTx) PutRoster(ctx context.Context, roster string, entries []verify.RosterEntry) error {
	if err := t.DeleteRoster(ctx, roster); err != nil {
		return err
	}
	rows := make([][]any, 0, len(entries))
	for _, e := range entries {
		columns, err := texts(e.Names, e.Near)
		if err != nil {
			return err
		}
		rows = append(rows, []any{t.store, roster, string(e.Key), columns[0], columns[1], e.Subgroup})
	}
	return t.insert(ctx, rosterRow, rows, "")
}

// DeleteRoster implements verify.SettingsTx.
func (t *verifyTx) DeleteRoster(ctx context.Context, roster string) error {
	_, err := t.exec(ctx, "DELETE FROM roster_entries WHERE store_id = ? AND roster = ?", t.store, roster)
	if err != nil {
		return fmt.Errorf("delete a roster: %w", err)
	}
	return nil
}

// RosterEntry implements verify.Rosters.
func (s *VerifyStorage) RosterEntry(ctx context.Context, store, roster string, key verify.PersonTag) (e verify.RosterEntry, found bool, err error) {
	var row struct{ Names, Near, Subgroup string }
	err = s.db.view(ctx, func(ctx context.Context, tx *Tx) (err error) {
		found, err = tx.one(ctx, &row, "SELECT names, near, subgroup FROM roster_entries WHERE store_id = ? AND roster = ? AND entry_key = ?",
			store, roster, string(key))
		return err
	})
	if err != nil || !found {
		return e, false, err
	}
	e.Key, e.Subgroup = key, row.Subgroup
	if err := fromText(row.Names, &e.Names); err != nil {
		return e, false, err
	}
	return e, true, fromText(row.Near, &e.Near)
}

// HeldBy implements verify.AttestationTx.
func (t *verifyTx) HeldBy(ctx context.Context, group string, tags []verify.PersonTag) ([]verify.Attestation, error) {
	if len(tags) == 0 {
		return nil, nil
	}
	keys := make([][]any, len(tags))
	for i, tag := range tags {
		keys[i] = []any{t.store, group, string(tag)}
	}
	where, args := t.in("store_id, group_name, tag", keys)
	return t.attestations(ctx, "id IN (SELECT attestation_id FROM attestation_tags WHERE "+where+") ORDER BY id", args...)
}
