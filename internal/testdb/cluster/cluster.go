// Package cluster runs a PostgreSQL server of its own for tests: in a temporary directory, on a free loopback
// port, gone when its owner is.
//
// It needs the server's programs (initdb and postgres) on the machine; Debian's packages put them below
// /usr/lib/postgresql. PostgreSQL refuses to run as root, so root drops to the user "postgres".
package cluster

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// MaxConnections is how many sessions a server takes at once: enough for the test processes of a whole run.
const MaxConnections = 200

const startTimeout = 60 * time.Second

// supervise starts postgres and waits on its own standard input. The owner holds the other end of that pipe, so
// the server stops and its directory goes even when the owner is killed without a chance to clean up. The word
// "keep" asks to stop and leave the directory.
const supervise = `
"$1" -D "$2/data" -p "$3" </dev/null >>"$2/log" 2>&1 &
server=$!
word=
read -r word
kill -INT "$server" 2>/dev/null
wait "$server"
[ "$word" = keep ] || rm -rf "$2"
`

// Server is one PostgreSQL server with its own data directory. Its methods may be called from several goroutines.
type Server struct {
	programs string
	dir      string
	port     int
	user     *syscall.SysProcAttr

	mu         sync.Mutex
	supervisor *exec.Cmd
	leash      io.WriteCloser
}

// New makes a data directory with initdb and starts a server on it. Close must be called at the end.
func New(ctx context.Context) (*Server, error) {
	programs, err := findPrograms()
	if err != nil {
		return nil, err
	}
	attributes, uid, gid, err := unprivileged()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "laurel-postgres-")
	if err != nil {
		return nil, fmt.Errorf("make a directory for the test database: %w", err)
	}
	s := &Server{programs: programs, dir: dir, user: attributes}
	if err := s.prepare(ctx, uid, gid); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	if err := s.Start(ctx); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	return s, nil
}

func (s *Server) prepare(ctx context.Context, uid, gid int) error {
	if s.user.Credential != nil {
		if err := os.Chown(s.dir, uid, gid); err != nil {
			return fmt.Errorf("give the test database's directory to its user: %w", err)
		}
	}
	initdb := exec.CommandContext(ctx, filepath.Join(s.programs, "initdb"), "-D", filepath.Join(s.dir, "data"),
		"-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions")
	initdb.SysProcAttr = s.user
	initdb.Dir = s.dir
	if out, err := initdb.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, bytes.TrimSpace(out))
	}
	settings := fmt.Sprintf("\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = ''\nmax_connections = %d\n"+
		"timezone = 'UTC'\nlog_min_messages = warning\n", MaxConnections)
	file, err := os.OpenFile(filepath.Join(s.dir, "data", "postgresql.conf"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return fmt.Errorf("open the test database's settings: %w", err)
	}
	_, err = file.WriteString(settings)
	if err := errors.Join(err, file.Close()); err != nil {
		return fmt.Errorf("write the test database's settings: %w", err)
	}
	s.port, err = freePort(ctx)
	return err
}

// URL is the address of the server's "postgres" database, as its superuser.
func (s *Server) URL() string {
	return fmt.Sprintf("postgres://postgres@127.0.0.1:%d/postgres?sslmode=disable", s.port)
}

// Start starts the server on its data directory and port and returns when it answers. A server that runs is left
// alone.
func (s *Server) Start(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.supervisor != nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	for {
		exited, err := s.launch()
		if err != nil {
			return err
		}
		if err = s.awaitReady(ctx, exited); err == nil {
			return nil
		}
		if err := errors.Join(err, s.release("keep")); ctx.Err() != nil {
			return fmt.Errorf("start the test database: %w; its log ends: %s", err, s.logTail())
		}
		// The processes of a killed server need a moment to let go of its memory; until then it refuses to start.
		if err := pause(ctx); err != nil {
			return fmt.Errorf("start the test database: %w; its log ends: %s", err, s.logTail())
		}
	}
}

func (s *Server) launch() (exited func() bool, err error) {
	// Not bound to a context: the server lives until it is stopped, whoever started it.
	supervisor := exec.Command("/bin/sh", "-c", supervise, "sh", filepath.Join(s.programs, "postgres"), s.dir, strconv.Itoa(s.port))
	attributes := *s.user
	attributes.Setpgid = true // Ctrl-C is for the owner, which then lets go of the leash.
	supervisor.SysProcAttr = &attributes
	supervisor.Dir = s.dir
	leash, err := supervisor.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("start the test database: %w", err)
	}
	if err := supervisor.Start(); err != nil {
		return nil, errors.Join(fmt.Errorf("start the test database: %w", err), leash.Close())
	}
	s.supervisor, s.leash = supervisor, leash
	began := time.Now()
	return func() bool { return time.Since(began) > time.Second && !s.alive() }, nil
}

func (s *Server) awaitReady(ctx context.Context, exited func() bool) error {
	for {
		conn, err := pgx.Connect(ctx, s.URL())
		if err == nil {
			return conn.Close(ctx)
		}
		if exited() {
			return fmt.Errorf("the server ended at once: %w", err)
		}
		if pause(ctx) != nil {
			return fmt.Errorf("no answer: %w", err)
		}
	}
}

// Stop ends the server in order (a "fast" shutdown: sessions are cut, data is flushed) and keeps its data.
func (s *Server) Stop() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.release("keep")
}

// Kill ends the server as a power cut would: SIGKILL, nothing flushed. Its data stays for Start.
func (s *Server) Kill() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.supervisor == nil {
		return nil
	}
	pid, err := s.pid()
	if err != nil {
		return err
	}
	// Listed before, because orphans are hard to find.
	sessions, err := childrenOf(pid)
	if err != nil {
		return err
	}
	for _, process := range append([]int{pid}, sessions...) {
		if err := syscall.Kill(process, syscall.SIGKILL); err != nil && !errors.Is(err, syscall.ESRCH) {
			return fmt.Errorf("kill the test database: %w", err)
		}
	}
	for _, process := range sessions {
		if err := awaitEnd(process); err != nil {
			return err
		}
	}
	return s.release("keep")
}

// Close stops the server and removes its directory.
func (s *Server) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return errors.Join(s.release(""), os.RemoveAll(s.dir))
}

func (s *Server) release(word string) error {
	if s.supervisor == nil {
		return nil
	}
	_, err := io.WriteString(s.leash, word+"\n")
	if errors.Is(err, syscall.EPIPE) {
		err = nil
	}
	err = errors.Join(err, s.leash.Close())
	waited := s.supervisor.Wait()
	s.supervisor, s.leash = nil, nil
	var exit *exec.ExitError
	if waited != nil && !errors.As(waited, &exit) {
		err = errors.Join(err, waited)
	}
	if err != nil {
		return fmt.Errorf("stop the test database: %w", err)
	}
	return nil
}

func (s *Server) pid() (int, error) {
	text, err := os.ReadFile(filepath.Join(s.dir, "data", "postmaster.pid"))
	if err != nil {
		return 0, fmt.Errorf("find the test database's process: %w", err)
	}
	line, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(strings.TrimSpace(line))
	if err != nil {
		return 0, fmt.Errorf("find the test database's process: %w", err)
	}
	return pid, nil
}

// alive tells whether the process that the data directory belongs to exists. A server that refuses to start removes
// its mark or leaves that of the killed one.
func (s *Server) alive() bool {
	pid, err := s.pid()
	return err == nil && !errors.Is(syscall.Kill(pid, 0), syscall.ESRCH)
}

func (s *Server) logTail() string {
	text, err := os.ReadFile(filepath.Join(s.dir, "log"))
	if err != nil {
		return err.Error()
	}
	return string(bytes.TrimSpace(text[max(0, len(text)-1000):]))
}

func pause(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(20 * time.Millisecond):
		return nil
	}
}

func freePort(ctx context.Context) (int, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("find a free port: %w", err)
	}
	address, ok := listener.Addr().(*net.TCPAddr)
	if err := listener.Close(); err != nil || !ok {
		return 0, fmt.Errorf("find a free port: %w", err)
	}
	return address.Port, nil
}
