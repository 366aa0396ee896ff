// Package pgbench has PostgreSQL's own benchmark program do what a credit of points does at the least: the measure of
// what the machine and its database can do without a gateway.
package pgbench

import (
	"bytes"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/laurel-gateway/laurel/cmd/laurel/bench/load"
)

var (
	//go:embed schema.sql
	schema string
	//go:embed credit.sql
	credit string
)

// ErrMissing says that pgbench is not on this machine.
var ErrMissing = errors.New("no pgbench found: install it (Debian: apt-get install postgresql)")

// Database is a database that pgbench credits points in.
type Database struct {
	program string
	url     string
	dir     string
}

// Prepare makes tables and accounts in the empty database at url. dir is for files of the runs.
func Prepare(ctx context.Context, url, dir string, accounts int) (d *Database, err error) {
	d = &Database{url: url, dir: dir}
	if d.program, err = find(); err != nil {
		return nil, err
	}
	if err := os.WriteFile(d.script(), []byte(credit), 0o600); err != nil {
		return nil, fmt.Errorf("write the pgbench script: %w", err)
	}
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return nil, fmt.Errorf("connect to prepare pgbench: %w", err)
	}
	defer func() { err = errors.Join(err, conn.Close(context.WithoutCancel(ctx))) }()
	if _, err := conn.Exec(ctx, schema); err != nil {
		return nil, fmt.Errorf("make the tables for pgbench: %w", err)
	}
	if _, err := conn.Exec(ctx, "INSERT INTO accounts SELECT id, 0 FROM generate_series(1, $1) AS id", accounts); err != nil {
		return nil, fmt.Errorf("make the accounts for pgbench: %w", err)
	}
	if _, err := conn.Exec(ctx, "VACUUM ANALYZE accounts"); err != nil {
		return nil, fmt.Errorf("vacuum the accounts for pgbench: %w", err)
	}
	return d, nil
}

func (d *Database) script() string { return filepath.Join(d.dir, "credit.sql") }

// Credit measures credits by a number of clients on the first so many accounts.
func (d *Database) Credit(ctx context.Context, clients, accounts int, warmup, duration time.Duration) (load.Result, error) {
	if warmup >= time.Second {
		if _, err := d.run(ctx, clients, accounts, warmup); err != nil {
			return load.Result{}, err
		}
	}
	logs, err := os.MkdirTemp(d.dir, "pgbench-")
	if err != nil {
		return load.Result{}, fmt.Errorf("make a directory for pgbench: %w", err)
	}
	out, err := d.run(ctx, clients, accounts, duration, "--log", "--log-prefix", filepath.Join(logs, "log"))
	if err != nil {
		return load.Result{}, err
	}
	rate, failed, err := parseSummary(out)
	if err != nil {
		return load.Result{}, err
	}
	took, err := readLogs(logs)
	if err != nil {
		return load.Result{}, err
	}
	if rate <= 0 || len(took) == 0 {
		return load.Result{}, errors.New("pgbench made no transaction")
	}
	window := time.Duration(float64(len(took)) / rate * float64(time.Second))
	result := load.Result{Requests: len(took), Window: window, P50: load.Percentile(took, 50), P99: load.Percentile(took, 99), Failures: failed}
	if failed > 0 {
		result.FirstFailure = "pgbench tells of failed transactions"
	}
	return result, os.RemoveAll(logs)
}

func (d *Database) run(ctx context.Context, clients, accounts int, duration time.Duration, more ...string) ([]byte, error) {
	// It takes whole seconds only.
	seconds := max(1, int(duration.Round(time.Second)/time.Second))
	args := []string{
		"--no-vacuum", "--protocol", "prepared", "--client", strconv.Itoa(clients), "--jobs", strconv.Itoa(min(2, clients)),
		"--time", strconv.Itoa(seconds), "--define", "accounts=" + strconv.Itoa(accounts), "--file", d.script(),
	}
	cmd := exec.CommandContext(ctx, d.program, append(append(args, more...), d.url)...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("pgbench: %w: %s", err, bytes.TrimSpace(stderr.Bytes()))
	}
	return out, nil
}

// find returns Debian's newest pgbench, else the one in PATH.
func find() (string, error) {
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/pgbench")
	if err != nil {
		return "", fmt.Errorf("look for pgbench: %w", err)
	}
	version := func(path string) int {
		n, err := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(path))))
		if err != nil {
			return 0
		}
		return n
	}
	if len(found) > 0 {
		return slices.MaxFunc(found, func(a, b string) int { return version(a) - version(b) }), nil
	}
	path, err := exec.LookPath("pgbench")
	if err != nil {
		return "", ErrMissing
	}
	return path, nil
}
