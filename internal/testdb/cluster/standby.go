package cluster

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"

	"github.com/jackc/pgx/v5"
)

// Standby copies the running server and starts the copy as a streaming standby. From then on the server acknowledges a
// commit only when the standby has it on disk, so that a promotion loses nothing that was acknowledged. Both must be
// closed.
func (s *Server) Standby(ctx context.Context) (*Server, error) {
	dir, err := os.MkdirTemp("", "laurel-postgres-standby-")
	if err != nil {
		return nil, fmt.Errorf("make a directory for the standby: %w", err)
	}
	standby := &Server{programs: s.programs, dir: dir, user: s.user}
	if err := standby.follow(ctx, s); err != nil {
		return nil, errors.Join(err, standby.Close())
	}
	if err := s.waitForStandby(ctx); err != nil {
		return nil, errors.Join(err, standby.Close())
	}
	return standby, nil
}

// follow copies a primary and starts the copy.
func (s *Server) follow(ctx context.Context, primary *Server) error {
	if c := s.user.Credential; c != nil {
		if err := os.Chown(s.dir, int(c.Uid), int(c.Gid)); err != nil {
			return fmt.Errorf("give the standby's directory to its user: %w", err)
		}
	}
	var err error
	if s.port, err = freePort(ctx); err != nil {
		return err
	}
	backup := exec.CommandContext(ctx, filepath.Join(s.programs, "pg_basebackup"), "-h", "127.0.0.1", "-p", strconv.Itoa(primary.port),
		"-U", "postgres", "-D", filepath.Join(s.dir, "data"), "-R", "-X", "stream", "-c", "fast", "--no-sync")
	backup.SysProcAttr, backup.Dir = s.user, s.dir
	if out, err := backup.CombinedOutput(); err != nil {
		return fmt.Errorf("pg_basebackup: %w: %s", err, bytes.TrimSpace(out))
	}
	return s.Start(ctx)
}

// waitForStandby makes replication synchronous and returns when it is.
func (s *Server) waitForStandby(ctx context.Context) error {
	return s.session(ctx, func(conn *pgx.Conn) error {
		for _, statement := range []string{"ALTER SYSTEM SET synchronous_standby_names = '*'", "SELECT pg_reload_conf()"} {
			if _, err := conn.Exec(ctx, statement); err != nil {
				return fmt.Errorf("make replication synchronous: %w", err)
			}
		}
		ctx, cancel := context.WithTimeout(ctx, startTimeout)
		defer cancel()
		for {
			var synchronous bool
			if err := conn.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_stat_replication WHERE sync_state = 'sync')").Scan(&synchronous); err != nil {
				return fmt.Errorf("look at the standby: %w", err)
			}
			if synchronous {
				return nil
			}
			if err := pause(ctx); err != nil {
				return fmt.Errorf("the standby does not follow: %w", err)
			}
		}
	})
}

// Promote ends recovery: the standby takes writes when Promote returns.
func (s *Server) Promote(ctx context.Context) error {
	return s.session(ctx, func(conn *pgx.Conn) error {
		var promoted bool
		if err := conn.QueryRow(ctx, "SELECT pg_promote(true, 60)").Scan(&promoted); err != nil || !promoted {
			return fmt.Errorf("promote the standby: promoted %v: %w", promoted, err)
		}
		return nil
	})
}

// Address is the server's host:port.
func (s *Server) Address() string { return "127.0.0.1:" + strconv.Itoa(s.port) }

func (s *Server) session(ctx context.Context, do func(*pgx.Conn) error) (err error) {
	conn, err := pgx.Connect(ctx, s.URL())
	if err != nil {
		return fmt.Errorf("reach the test database: %w", err)
	}
	defer func() { err = errors.Join(err, conn.Close(context.WithoutCancel(ctx))) }()
	return do(conn)
}
