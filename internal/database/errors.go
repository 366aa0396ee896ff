package database

import (
	"context"
	"database/sql/driver"
	"errors"
	"io"
	"net"

	"github.com/jackc/pgx/v5/pgconn"
	"gorm.io/gorm"
	sqlitedriver "modernc.org/sqlite"
)

// SQLSTATE classes and codes (PostgreSQL manual, appendix A).
const (
	stateUniqueViolation     = "23505"
	stateSerialization       = "40001"
	stateDeadlock            = "40P01"
	stateLockNotAvailable    = "55P03"
	classConnection          = "08"
	classOperatorIntervened  = "57"
	classInsufficientResouce = "53"
)

// IsDuplicate tells whether err is a unique index that was met.
func IsDuplicate(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code == stateUniqueViolation
	}
	var e *sqlitedriver.Error
	if errors.As(err, &e) {
		return e.Code() == 1555 || e.Code() == 2067
	}
	return errors.Is(err, gorm.ErrDuplicatedKey)
}

// IsTransient tells whether the same transaction may succeed when it is run again: deadlock, lock timeout,
// serialization, lost connection, busy database.
func IsTransient(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		switch pg.Code {
		case stateSerialization, stateDeadlock, stateLockNotAvailable:
			return true
		}
	}
	return isUnavailable(err) || isSQLiteBusy(err) || errors.Is(err, errRaced)
}

func isUnavailable(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) && len(pg.Code) == 5 {
		class := pg.Code[:2]
		return class == classConnection || class == classOperatorIntervened || class == classInsufficientResouce
	}
	var connect *pgconn.ConnectError
	var op *net.OpError
	return errors.As(err, &connect) || errors.As(err, &op) || errors.Is(err, driver.ErrBadConn) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) ||
		errors.Is(err, context.DeadlineExceeded) || pgconn.SafeToRetry(err)
}

// IsUnavailable tells whether err says that the database does not answer.
func IsUnavailable(err error) bool { return isUnavailable(err) }
