package database

import (
	"context"
	"errors"
	"fmt"
	"os"
)

// ErrNotEmbedded says that a backup was asked of a database that has tools of its own.
var ErrNotEmbedded = errors.New("only the embedded database is copied like this: use pg_dump")

// BackUp writes a whole and consistent copy of the embedded database to a new file of mode 0600, while the gateway goes
// on. It returns ErrNotEmbedded on PostgreSQL, and an error that wraps fs.ErrExist when the file is there.
func (db *DB) BackUp(ctx context.Context, path string) error {
	if db.dialect != SQLite {
		return ErrNotEmbedded
	}
	// SQLite writes into an empty file, and this one only its owner can read.
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("make the copy: %w", err)
	}
	_, err = db.sql.ExecContext(ctx, "VACUUM INTO ?", path)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return errors.Join(fmt.Errorf("copy the database: %w", err), os.Remove(path))
	}
	return nil
}
