package bench

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/laurel-gateway/laurel/internal/testdb/cluster"
)

// issuer is the public URL of every gateway of a run: replicas share it, whatever port each is on.
const issuer = "http://localhost:8080"

// stage is where a run takes place: a directory, a PostgreSQL, and whatever processes it starts. All of it goes with it.
type stage struct {
	binary   string
	dir      string
	postgres *cluster.Server
	redis    *process

	running []*process
}

func openStage(ctx context.Context) (*stage, error) {
	binary, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find the own program: %w", err)
	}
	dir, err := os.MkdirTemp("", "laurel-bench-")
	if err != nil {
		return nil, fmt.Errorf("make a directory for the bench: %w", err)
	}
	s := &stage{binary: binary, dir: dir}
	if s.postgres, err = cluster.New(ctx); err != nil {
		return nil, errors.Join(err, s.close())
	}
	if s.redis, err = s.startRedis(ctx); err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
}

func (s *stage) close() error {
	var err error
	for i := len(s.running) - 1; i >= 0; i-- {
		err = errors.Join(err, s.running[i].stop())
	}
	if s.postgres != nil {
		err = errors.Join(err, s.postgres.Close())
	}
	return errors.Join(err, os.RemoveAll(s.dir))
}

func (s *stage) start(ctx context.Context, l launch) (*process, error) {
	p, err := start(ctx, s.dir, l)
	if err != nil {
		return nil, err
	}
	s.running = append(s.running, p)
	return p, nil
}

// database makes an empty database and returns its address.
func (s *stage) database(ctx context.Context, name string) (string, error) {
	conn, err := pgx.Connect(ctx, s.postgres.URL())
	if err != nil {
		return "", fmt.Errorf("connect to make a database: %w", err)
	}
	_, err = conn.Exec(ctx, "CREATE DATABASE "+pgx.Identifier{name}.Sanitize())
	if err := errors.Join(err, conn.Close(ctx)); err != nil {
		return "", fmt.Errorf("make the database %s: %w", name, err)
	}
	u, err := url.Parse(s.postgres.URL())
	if err != nil {
		return "", fmt.Errorf("read the server's address: %w", err)
	}
	u.Path = "/" + name
	return u.String(), nil
}

// analyze gives a database the statistics that it would have after a day, instead of none for the first minute.
func (s *stage) analyze(ctx context.Context, url string) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return fmt.Errorf("connect to analyze: %w", err)
	}
	_, err = conn.Exec(ctx, "VACUUM ANALYZE")
	// Tables that are empty now are looked at once a second, not once a minute.
	for _, q := range []string{"ALTER SYSTEM SET autovacuum_naptime = '1s'", "SELECT pg_reload_conf()"} {
		_, qerr := conn.Exec(ctx, q)
		err = errors.Join(err, qerr)
	}
	if err := errors.Join(err, conn.Close(ctx)); err != nil {
		return fmt.Errorf("analyze the database: %w", err)
	}
	return nil
}

// redisLeash runs a redis-server until standard input ends.
const redisLeash = `"$@" </dev/null & server=$!; read -r word; kill "$server" 2>/dev/null; wait "$server"`

// startRedis starts a Redis, or returns nil on a machine that has none.
func (s *stage) startRedis(ctx context.Context) (*process, error) {
	program, err := exec.LookPath("redis-server")
	if errors.Is(err, exec.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("look for redis-server: %w", err)
	}
	return s.start(ctx, launch{
		name: "redis",
		command: func(address string) []string {
			port := address[strings.LastIndex(address, ":")+1:]
			return []string{"/bin/sh", "-c", redisLeash, "sh", program, "--bind", "127.0.0.1", "--port", port, "--dir", s.dir, "--save", "", "--appendonly", "no"}
		},
		env: os.Environ(),
		ready: func(ctx context.Context, address string) error {
			// The client logs what it cannot reach, so it is asked once there is somebody to reach.
			conn, err := new(net.Dialer).DialContext(ctx, "tcp", address)
			if err != nil {
				return err
			}
			_, err = redisVersion(ctx, address)
			return errors.Join(err, conn.Close())
		},
	})
}

// startBare starts the server that does next to nothing.
func (s *stage) startBare(ctx context.Context, anyPath string) (*process, error) {
	return s.start(ctx, launch{
		name: "bare",
		command: func(address string) []string {
			command := []string{s.binary, "bench", "bare", "--listen", address}
			if s.redis != nil {
				command = append(command, "--redis", "redis://"+s.redis.address+"/0")
			}
			return command
		},
		env:   os.Environ(),
		ready: answers(anyPath),
	})
}

// place is where a gateway keeps its data.
type place struct {
	// name is that of its directory; databaseURL is empty for the embedded database.
	name        string
	databaseURL string
}

// environment configures a gateway. Nothing of the bench's own surroundings gets in, and nothing differs from the defaults but
// the places and the limits that would stop a load generator.
func (s *stage) environment(p place, more ...string) []string {
	var env []string
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "LAUREL_") {
			env = append(env, v)
		}
	}
	data := filepath.Join(s.dir, p.name)
	env = append(env, "LAUREL_PUBLIC_URL="+issuer, "LAUREL_DATA_DIR="+data, "LAUREL_LIMITS_KEY_PER_SECOND=1000000", "LAUREL_LIMITS_KEY_BURST=1000000")
	if p.databaseURL != "" {
		env = append(env, "LAUREL_DATABASE_URL="+p.databaseURL)
	}
	return append(env, more...)
}

// startGateway runs `laurel serve` on a leash.
func (s *stage) startGateway(ctx context.Context, env []string, args ...string) (*process, error) {
	return s.start(ctx, launch{
		name: "gateway",
		command: func(address string) []string {
			return append([]string{s.binary, "bench", "gateway", "--listen", address}, args...)
		},
		env: env, ready: answers("/readyz"),
	})
}

// answers asks whether a path is answered with 200.
func answers(path string) func(context.Context, string) error {
	client := &http.Client{}
	return func(ctx context.Context, address string) error {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+path, nil)
		if err != nil {
			return err
		}
		answer, err := client.Do(r)
		if err != nil {
			return err
		}
		if err := answer.Body.Close(); err != nil {
			return err
		}
		if answer.StatusCode != http.StatusOK {
			return fmt.Errorf("%s answers %d", path, answer.StatusCode)
		}
		return nil
	}
}
