package migrations

import (
	"context"
	"database/sql"

	"github.com/laurel-gateway/laurel/internal/jobs"
)

// DownTo takes the steps after a version back.
func DownTo(ctx context.Context, db *sql.DB, dialect jobs.Dialect, version int64) error {
	p, err := provider(db, dialect)
	if err == nil {
		_, err = p.DownTo(ctx, version)
	}
	return err
}
