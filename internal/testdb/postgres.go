// Package testdb gives every test a database of its own: PostgreSQL cloned from a prepared template, or a
// temporary SQLite file.
//
// One PostgreSQL server serves a whole test run: the one that [ServerVariable] names, else one that the first test
// of the process starts and that ends with the process. A missing server fails the test; it never skips it.
package testdb

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/laurel-gateway/laurel/internal/testdb/cluster"
)

// ServerVariable is the environment variable that names a running server (a superuser's URL), so that the
// packages of one test run share it. The program in ./run sets it.
const ServerVariable = "LAUREL_TEST_POSTGRES"

const (
	adminTimeout = 2 * time.Minute
	// PostgreSQL cuts names after 63 bytes, in silence.
	longestVersion = 32
)

var shared struct {
	once   sync.Once
	server *cluster.Server // referred to for the life of the process: collecting it would close its pipe and stop it
	url    string
	err    error
}

var templates struct {
	sync.Mutex
	ready map[string]bool
}

// NewEmptyPostgres returns the URL of a PostgreSQL database without tables that only this test uses. It is dropped when
// the test ends, with whatever sessions are left.
func NewEmptyPostgres(t testing.TB) string {
	t.Helper()
	return clone(t, "", nil)
}

// NewSQLite returns the path of a SQLite file, not yet made, in a directory that goes when the test ends.
func NewSQLite(t testing.TB) string {
	t.Helper()
	return filepath.Join(t.TempDir(), "laurel.db")
}

// clone returns the URL of a database of this test's own that prepare has brought to the state version names. Prepare
// runs once per server and version, and its result is copied. Without prepare the database is empty.
func clone(t testing.TB, version string, prepare func(context.Context, string) error) string {
	t.Helper()
	server, err := sharedServer()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), adminTimeout)
	defer cancel()
	template := "template0"
	if prepare != nil {
		template = "laurel_template_" + strings.ToLower(version[:min(len(version), longestVersion)])
		if err := ensureTemplate(ctx, server, template, prepare); err != nil {
			t.Fatal(err)
		}
	}
	name := "laurel_" + strings.ToLower(rand.Text())
	if err := execute(ctx, server, fmt.Sprintf("CREATE DATABASE %s TEMPLATE %s", quote(name), quote(template))); err != nil {
		t.Fatalf("make the test's database: %v", err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), adminTimeout)
		defer cancel()
		if err := execute(ctx, server, "DROP DATABASE IF EXISTS "+quote(name)+" WITH (FORCE)"); err != nil {
			t.Errorf("drop the test's database: %v", err)
		}
	})
	return withDatabase(server, name)
}

func sharedServer() (string, error) {
	shared.once.Do(func() {
		if named := os.Getenv(ServerVariable); named != "" {
			shared.url = named
			return
		}
		// Never closed here: its supervisor notices the end of this process, however it ends.
		if shared.server, shared.err = cluster.New(context.Background()); shared.err == nil {
			shared.url = shared.server.URL()
		}
	})
	return shared.url, shared.err
}

// ensureTemplate prepares the template under an advisory lock of the server, because the packages of one run are
// processes that share it. The template is built under another name, so a crash leaves no half-made one.
func ensureTemplate(ctx context.Context, server, name string, prepare func(context.Context, string) error) (err error) {
	templates.Lock()
	defer templates.Unlock()
	if templates.ready[name] {
		return nil
	}
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		return fmt.Errorf("reach the test database: %w", err)
	}
	defer func() { err = errors.Join(err, conn.Close(ctx)) }()
	if _, err := conn.Exec(ctx, "SELECT pg_advisory_lock(hashtext($1))", name); err != nil {
		return fmt.Errorf("lock the template: %w", err)
	}
	var exists bool
	if err := conn.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", name).Scan(&exists); err != nil {
		return fmt.Errorf("look for the template: %w", err)
	}
	if !exists {
		if err := buildTemplate(ctx, conn, server, name, prepare); err != nil {
			return err
		}
	}
	if templates.ready == nil {
		templates.ready = map[string]bool{}
	}
	templates.ready[name] = true
	return nil
}

func buildTemplate(ctx context.Context, conn *pgx.Conn, server, name string, prepare func(context.Context, string) error) error {
	draft := name + "_draft"
	for _, statement := range []string{
		"DROP DATABASE IF EXISTS " + quote(draft) + " WITH (FORCE)",
		"CREATE DATABASE " + quote(draft) + " TEMPLATE template0",
	} {
		if _, err := conn.Exec(ctx, statement); err != nil {
			return fmt.Errorf("make the template: %w", err)
		}
	}
	if err := prepare(ctx, withDatabase(server, draft)); err != nil {
		return fmt.Errorf("prepare the template: %w", err)
	}
	// A session that prepare has just closed may still be leaving, and PostgreSQL renames no database in use.
	if _, err := conn.Exec(ctx, "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = $1", draft); err != nil {
		return fmt.Errorf("end the template's sessions: %w", err)
	}
	if _, err := conn.Exec(ctx, "ALTER DATABASE "+quote(draft)+" RENAME TO "+quote(name)); err != nil {
		return fmt.Errorf("name the template: %w", err)
	}
	return nil
}

func execute(ctx context.Context, server, statement string) (err error) {
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		return fmt.Errorf("reach the test database: %w", err)
	}
	defer func() { err = errors.Join(err, conn.Close(ctx)) }()
	_, err = conn.Exec(ctx, statement)
	return err
}

func quote(name string) string { return pgx.Identifier{name}.Sanitize() }

func withDatabase(server, name string) string {
	address, err := url.Parse(server)
	if err != nil {
		panic(fmt.Sprintf("%s is no URL", ServerVariable))
	}
	address.Path = "/" + name
	return address.String()
}
