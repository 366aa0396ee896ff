// Package testredis starts real Redis servers for tests, on loopback, each in a directory of its own.
//
// The redis-server program must be installed: a test that needs it fails without it, it is never skipped.
package testredis

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
)

const (
	startTimeout = 20 * time.Second
	stopTimeout  = 10 * time.Second
	startTries   = 5
)

// Server is one redis-server process. It keeps its address over Kill and Restart, and forgets its data.
type Server struct {
	t    testing.TB
	dir  string
	port int
	args []string
	// conf is the configuration file of a sentinel; other servers have arguments only.
	conf string

	cmd  *exec.Cmd
	gone chan struct{}
}

// Start runs a server until the test ends. More arguments are redis-server's own ("--maxmemory", "1mb").
func Start(t testing.TB, args ...string) *Server {
	t.Helper()
	s := &Server{t: t, dir: t.TempDir(), args: args}
	t.Cleanup(s.Kill)
	// Between the choice of a free port and its use another process may take it.
	var err error
	for range startTries {
		if s.port, err = freePort(); err != nil {
			break
		}
		if err = s.run(); err == nil {
			return s
		}
		s.Kill()
	}
	t.Fatalf("start redis-server: %v", err)
	return nil
}

// Addr is the server's host:port.
func (s *Server) Addr() string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(s.port)) }

// URL is the server's redis:// URL.
func (s *Server) URL() string { return "redis://" + s.Addr() + "/0" }

// Kill ends the server at once (SIGKILL). It does nothing when it does not run.
func (s *Server) Kill() {
	if s.cmd == nil {
		return
	}
	// A frozen process dies of SIGKILL too. That it has ended already is no failure.
	if err := s.cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		s.t.Errorf("kill redis-server: %v", err)
	}
	s.wait()
}

// Stop ends the server in good order (SIGTERM).
func (s *Server) Stop() {
	if s.cmd == nil {
		return
	}
	s.signal(syscall.SIGTERM)
	s.wait()
}

// Freeze makes the server accept connections and never answer (SIGSTOP), until Thaw.
func (s *Server) Freeze() { s.signal(syscall.SIGSTOP) }

// Thaw ends Freeze.
func (s *Server) Thaw() { s.signal(syscall.SIGCONT) }

// Restart starts the server again on the same address, empty, after Kill or Stop.
func (s *Server) Restart() {
	s.t.Helper()
	s.Kill()
	if err := s.run(); err != nil {
		s.t.Fatalf("restart redis-server: %v", err)
	}
}

// Client returns a client of the server, closed when the test ends.
func (s *Server) Client() *redis.Client {
	c := redis.NewClient(&redis.Options{
		Addr: s.Addr(), ContextTimeoutEnabled: true,
		MaintNotificationsConfig: &maintnotifications.Config{Mode: maintnotifications.ModeDisabled},
	})
	s.t.Cleanup(func() { _ = c.Close() })
	return c
}

func (s *Server) signal(sig syscall.Signal) {
	s.t.Helper()
	if s.cmd == nil {
		s.t.Fatal("redis-server does not run")
	}
	if err := s.cmd.Process.Signal(sig); err != nil {
		s.t.Fatalf("send %v to redis-server: %v", sig, err)
	}
}

func (s *Server) wait() {
	select {
	case <-s.gone:
	case <-time.After(stopTimeout):
		s.t.Errorf("redis-server did not end in %v", stopTimeout)
	}
	s.cmd = nil
}

func (s *Server) run() error {
	log := filepath.Join(s.dir, "redis.log")
	args := append([]string{
		"--bind", "127.0.0.1", "--port", strconv.Itoa(s.port), "--dir", s.dir, "--logfile", log,
		"--save", "", "--appendonly", "no", "--daemonize", "no",
	}, s.args...)
	if s.conf != "" {
		args = []string{s.conf, "--sentinel"}
	}
	cmd := exec.Command("redis-server", args...)
	if err := cmd.Start(); err != nil {
		return err
	}
	s.cmd, s.gone = cmd, make(chan struct{})
	go func(gone chan struct{}) {
		// Killing it is how it usually ends: its exit code says nothing.
		_ = cmd.Wait()
		close(gone)
	}(s.gone)
	if err := s.ready(); err != nil {
		text, readErr := os.ReadFile(log)
		return fmt.Errorf("%w; its log: %s", errors.Join(err, readErr), text)
	}
	return nil
}

// ready waits until this very process answers.
func (s *Server) ready() error {
	ctx, cancel := context.WithTimeout(context.Background(), startTimeout)
	defer cancel()
	c := redis.NewClient(&redis.Options{
		Addr: s.Addr(), MaxRetries: -1, DialerRetries: 1, ContextTimeoutEnabled: true,
		MaintNotificationsConfig: &maintnotifications.Config{Mode: maintnotifications.ModeDisabled},
	})
	defer func() { _ = c.Close() }()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		pid, err := c.InfoMap(ctx, "server").Result()
		if err == nil && pid["Server"]["process_id"] == strconv.Itoa(s.cmd.Process.Pid) {
			return nil
		}
		select {
		case <-s.gone:
			return errors.New("redis-server ended at once")
		case <-ctx.Done():
			return fmt.Errorf("redis-server does not answer: %w", errors.Join(ctx.Err(), err))
		case <-tick.C:
		}
	}
}

// freePort returns a port that leaves room for the cluster bus, which listens 10,000 above it.
func freePort() (int, error) {
	for {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return 0, err
		}
		port := l.Addr().(*net.TCPAddr).Port
		if err := l.Close(); err != nil || port <= 55535 {
			return port, err
		}
	}
}
