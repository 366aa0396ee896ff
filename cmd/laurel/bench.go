package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime/pprof"
	"time"

	"github.com/laurel-gateway/laurel/cmd/laurel/bench"
	"github.com/laurel-gateway/laurel/cmd/laurel/bench/bare"
)

type benchCommand struct {
	Measure benchMeasureCommand `cmd:"" default:"withargs" help:"Measure, on processes of its own that end with it."`
	Race    benchRaceCommand    `cmd:"" help:"Race a running deployment for the last uses of an offer, and say whether it can be raced."`
	// What the measuring starts.
	Bare    benchBareCommand    `cmd:"" hidden:""`
	Gateway benchGatewayCommand `cmd:"" hidden:""`
}

type benchMeasureCommand struct {
	Duration time.Duration `help:"How long each measurement takes, after a warm-up of a fifth of it." default:"5s"`
	Only     string        `help:"Measure only what is called so." placeholder:"REGEX"`
	Write    string        `help:"Write the report of a whole run to a file." type:"path" placeholder:"FILE"`
	Profile  string        `help:"Write a CPU profile of a gateway that credits to a file." type:"path" placeholder:"FILE"`
}

// ErrTooShort refuses a duration that measures nothing.
var ErrTooShort = errors.New("a measurement takes at least a second")

// Run measures and shows the figures.
func (c benchMeasureCommand) Run(ctx context.Context, t terminal) error {
	o := bench.Options{Duration: c.Duration, Write: c.Write, Profile: c.Profile, Out: t.out, Progress: t.errors, Now: time.Now}
	if c.Duration < time.Second {
		return ErrTooShort
	}
	if c.Only != "" {
		var err error
		if o.Only, err = regexp.Compile(c.Only); err != nil {
			return fmt.Errorf("read --only: %w", err)
		}
	}
	return bench.Run(ctx, o)
}

type benchBareCommand struct {
	Listen string `required:""`
	Redis  string
}

// Run serves next to nothing until standard input ends.
func (c benchBareCommand) Run(ctx context.Context) error {
	ctx, cancel := bench.Leash(ctx, os.Stdin)
	defer cancel()
	return bare.Serve(ctx, bare.Options{Listen: c.Listen, RedisURL: c.Redis})
}

type benchGatewayCommand struct {
	Listen  string `required:""`
	Profile string `type:"path"`
}

// Run is laurel serve, until standard input ends.
func (c benchGatewayCommand) Run(ctx context.Context, t terminal) (err error) {
	ctx, cancel := bench.Leash(ctx, os.Stdin)
	defer cancel()
	if c.Profile != "" {
		file, err := os.Create(filepath.Clean(c.Profile))
		if err != nil {
			return fmt.Errorf("write the profile: %w", err)
		}
		if err := pprof.StartCPUProfile(file); err != nil {
			return errors.Join(fmt.Errorf("start the profile: %w", err), file.Close())
		}
		defer func() {
			pprof.StopCPUProfile()
			err = errors.Join(err, file.Close())
		}()
	}
	return serveCommand{Listen: c.Listen}.Run(ctx, t)
}
