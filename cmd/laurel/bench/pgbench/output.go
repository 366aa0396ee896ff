package pgbench

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"time"
)

var (
	tpsLine    = regexp.MustCompile(`(?m)^tps = ([0-9.]+) \(without initial connection time\)`)
	failedLine = regexp.MustCompile(`(?m)^number of failed transactions: ([0-9]+)`)
)

var errSummary = errors.New("pgbench's summary has no tps line")

// parseSummary reads the transactions per second and the failed ones of what pgbench prints.
func parseSummary(out []byte) (tps float64, failed int, err error) {
	m := tpsLine.FindSubmatch(out)
	if m == nil {
		return 0, 0, errSummary
	}
	if tps, err = strconv.ParseFloat(string(m[1]), 64); err != nil {
		return 0, 0, fmt.Errorf("read pgbench's summary: %w", err)
	}
	if m = failedLine.FindSubmatch(out); m != nil {
		if failed, err = strconv.Atoi(string(m[1])); err != nil {
			return 0, 0, fmt.Errorf("read pgbench's summary: %w", err)
		}
	}
	return tps, failed, nil
}

// readLogs returns how long each transaction in the logs of a directory took, sorted.
func readLogs(dir string) ([]time.Duration, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		return nil, fmt.Errorf("find pgbench's logs: %w", err)
	}
	var took []time.Duration
	for _, name := range files {
		file, err := os.Open(name)
		if err != nil {
			return nil, fmt.Errorf("open pgbench's log: %w", err)
		}
		took, err = parseLog(file, took)
		if err := errors.Join(err, file.Close()); err != nil {
			return nil, fmt.Errorf("read pgbench's log: %w", err)
		}
	}
	slices.Sort(took)
	return took, nil
}

// parseLog appends the latencies of a log. A line is: client, number, microseconds or "failed", script, time.
func parseLog(r io.Reader, took []time.Duration) ([]time.Duration, error) {
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		fields := bytes.Fields(lines.Bytes())
		if len(fields) < 3 {
			return nil, fmt.Errorf("short line %q", lines.Text())
		}
		if string(fields[2]) == "failed" {
			continue
		}
		us, err := strconv.ParseFloat(string(fields[2]), 64)
		if err != nil {
			return nil, fmt.Errorf("latency: %w", err)
		}
		took = append(took, time.Duration(us*float64(time.Microsecond)))
	}
	return took, lines.Err()
}
