//go:build million

package database_test

import (
	"testing"

	"github.com/laurel-gateway/laurel/internal/database"
	"github.com/laurel-gateway/laurel/internal/testdb"
)

// TestAMillionRows takes minutes: make registry-million runs it.
func TestAMillionRows(t *testing.T) {
	testdb.Each(t, func(t *testing.T, db *database.DB) { importGenerated(t, db, 1_000_000) })
}
