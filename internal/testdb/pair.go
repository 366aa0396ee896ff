package testdb

import (
	"testing"

	"github.com/laurel-gateway/laurel/internal/testdb/cluster"
)

// Pair is a PostgreSQL primary with a synchronous standby, for one test.
type Pair struct {
	t                testing.TB
	primary, standby *cluster.Server
}

// StartPair starts a primary and its standby, with one empty database. Both are removed when the test ends.
func StartPair(t testing.TB) *Pair {
	t.Helper()
	closeLater := func(s *cluster.Server) {
		t.Cleanup(func() {
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	primary, err := cluster.New(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	closeLater(primary)
	standby, err := primary.Standby(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	closeLater(standby)
	return &Pair{t: t, primary: primary, standby: standby}
}

// URL names both servers; a client takes whichever may be written to (libpq's target_session_attrs).
func (p *Pair) URL() string {
	return "postgres://postgres@" + p.primary.Address() + "," + p.standby.Address() + "/postgres?sslmode=disable&target_session_attrs=read-write"
}

// Fail kills the primary (SIGKILL) and promotes the standby. It returns when the standby takes writes.
func (p *Pair) Fail() {
	p.t.Helper()
	if err := p.primary.Kill(); err != nil {
		p.t.Fatal(err)
	}
	if err := p.standby.Promote(p.t.Context()); err != nil {
		p.t.Fatal(err)
	}
}
