// Package bench measures the gateway against what its machine can do: against PostgreSQL's own benchmark doing the same
// writes, and against a server that does next to nothing, in one run.
package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"time"

	"github.com/laurel-gateway/laurel/cmd/laurel/bench/load"
)

// Options are what the command line says.
type Options struct {
	// Duration is how long each measurement takes, after a warm-up of a fifth of it.
	Duration time.Duration
	// Only, if set, picks the measurements by what they are called.
	Only *regexp.Regexp
	// Write is the file for the report as a page; empty writes none.
	Write string
	// Profile is the file for a CPU profile of a gateway that credits; empty makes none.
	Profile string
	// Out gets the tables, Progress a line for every measurement.
	Out      io.Writer
	Progress io.Writer
	Now      func() time.Time
}

// Errors of a run.
var (
	ErrNothing  = errors.New("no measurement has such a name")
	ErrPartial  = errors.New("the report is written from whole runs only: leave out --only")
	ErrFailures = errors.New("requests failed, so the figures do not count")
)

// Run measures, and stops everything that it started.
func Run(ctx context.Context, o Options) (err error) {
	if o.Only != nil && o.Write != "" {
		return ErrPartial
	}
	s, err := openStage(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	b := &bench{Options: o, stage: s, warmup: o.Duration / 5}
	ctx, cancel := context.WithTimeout(ctx, b.atMost())
	defer cancel()
	if err := b.all(ctx); err != nil {
		return err
	}
	return b.report(ctx)
}

// bench is one run.
type bench struct {
	Options
	stage   *stage
	warmup  time.Duration
	figures Figures
	crowd   *crowd
}

// length is how long a measurement takes with its warm-up.
func (b *bench) length() time.Duration { return b.warmup + b.Duration }

// atMost bounds a run that hangs: every measurement may take four times its length, for what is made beforehand, and starting
// a minute.
func (b *bench) atMost() time.Duration {
	return time.Minute + 4*time.Duration(len(b.steps()))*b.length()
}

// step is one measurement.
type step struct {
	key     Key
	measure func(ctx context.Context, k Key) (load.Result, error)
}

// all takes the steps in turn.
func (b *bench) all(ctx context.Context) error {
	taken := 0
	for _, st := range b.steps() {
		if b.Only != nil && !b.Only.MatchString(st.key.String()) || b.stage.redis == nil && needsRedis(st.key) {
			continue
		}
		taken++
		got, err := st.measure(ctx, st.key)
		if err != nil {
			return fmt.Errorf("%s: %w", st.key, err)
		}
		b.figures.add(st.key, got)
		if err := b.tell(st.key, got); err != nil {
			return err
		}
	}
	if taken == 0 && b.Profile == "" {
		return ErrNothing
	}
	if b.Profile != "" {
		return b.profile(ctx)
	}
	return nil
}

// tell shows that the run goes on.
func (b *bench) tell(k Key, r load.Result) error {
	note := ""
	if r.Failures > 0 {
		note = fmt.Sprintf(", %d failed, the first: %s", r.Failures, r.FirstFailure)
	}
	if _, err := fmt.Fprintf(b.Progress, "%-60s %10s a second, p99 %s%s\n", k, grouped(r.PerSecond()), shown(r.P99), note); err != nil {
		return fmt.Errorf("show the progress: %w", err)
	}
	return nil
}

func needsRedis(k Key) bool { return k.Name == bareRedis || k.Name == introspectRds }

// report shows what was found, and writes the page where that is asked for and nothing failed.
func (b *bench) report(ctx context.Context) error {
	m, err := b.stage.machine(ctx, b.Now())
	if err != nil {
		return err
	}
	r := Report{Machine: m, Figures: b.figures, Duration: b.Duration, Warmup: b.warmup}
	if err := r.Tables(b.Out); err != nil {
		return fmt.Errorf("show the figures: %w", err)
	}
	if n := b.figures.Failures(); n > 0 {
		return fmt.Errorf("%d %w", n, ErrFailures)
	}
	if b.Write == "" {
		return nil
	}
	next := b.Write + ".next"
	f, err := os.Create(filepath.Clean(next))
	if err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	if err := errors.Join(r.Document(f), f.Close()); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	if err := os.Rename(next, b.Write); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return nil
}
