package testdb

import (
	"testing"

	"github.com/laurel-gateway/laurel/internal/testdb/cluster"
)

// Server is a PostgreSQL server that one test may kill and start again.
type Server struct {
	t      testing.TB
	server *cluster.Server
}

// StartOwn starts a server for this test alone, with one empty database. It is stopped and removed when the test
// ends.
func StartOwn(t testing.TB) *Server {
	t.Helper()
	server, err := cluster.New(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	return &Server{t: t, server: server}
}

// URL is the address of the server's database; it stays the same over Stop, Kill and Start.
func (s *Server) URL() string { return s.server.URL() }

// Kill ends the server with SIGKILL: committed data stays, everything else is lost.
func (s *Server) Kill() {
	s.t.Helper()
	if err := s.server.Kill(); err != nil {
		s.t.Fatal(err)
	}
}

// Stop ends the server in order: sessions are cut, data is flushed.
func (s *Server) Stop() {
	s.t.Helper()
	if err := s.server.Stop(); err != nil {
		s.t.Fatal(err)
	}
}

// Start starts the server again and returns when it answers.
func (s *Server) Start() {
	s.t.Helper()
	if err := s.server.Start(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
}
