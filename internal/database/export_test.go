package database

import (
	"context"
	"io"
	"slices"
)

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

// CutForTest has every transaction ask cut before each of its statements, before its commit and after it.
func CutForTest(db *DB, cut func() error) { db.cut = cut }

// StatusListsOfForTest makes new status lists so small.
func StatusListsOfForTest(db *DB, size int64) { db.statusSize = size }

// HoldForTest takes a lock with a query and holds it until release is closed.
func HoldForTest(ctx context.Context, db *DB, query string, held chan<- struct{}, release <-chan struct{}, args ...any) error {
	return db.Run(ctx, func(ctx context.Context, tx *Tx) error {
		if _, err := tx.exec(ctx, query, args...); err != nil {
			return err
		}
		close(held)
		<-release
		return nil
	})
}

// LostCommitForTest is what a commit returns whose answer never came.
func LostCommitForTest() error { return &UnknownOutcome{io.ErrUnexpectedEOF} }

// SealedForTest lists the columns that the master key seals.
func SealedForTest() []string {
	var out []string
	for _, c := range sealedColumns {
		out = append(out, c.table+"."+c.column)
	}
	slices.Sort(out)
	return out
}
