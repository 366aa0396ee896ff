package database

import "context"

// ExecForTest runs one statement, so that tests can lay out rows and break things on purpose.
func ExecForTest(ctx context.Context, db *DB, query string, args ...any) error {
	return db.Run(ctx, func(ctx context.Context, tx *Tx) error {
		_, err := tx.exec(ctx, query, args...)
		return err
	})
}

// CountForTest reads one number.
func CountForTest(ctx context.Context, db *DB, query string, args ...any) (n int64, err error) {
	err = db.Read(ctx, func(ctx context.Context, tx *Tx) error {
		return tx.orm.WithContext(ctx).Raw(query, args...).Row().Scan(&n)
	})
	return n, err
}
