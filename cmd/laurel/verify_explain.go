package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/laurel-gateway/laurel/api"
	"github.com/laurel-gateway/laurel/cmd/laurel/gateway"
	"github.com/laurel-gateway/laurel/internal/config"
	"github.com/laurel-gateway/laurel/internal/database"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/verify"
)

type verifyCommand struct {
	Explain verifyExplainCommand `cmd:"" help:"Say how a verification was decided, and decide it again from what is stored."`
}

type verifyExplainCommand struct {
	ID     string `arg:"" help:"The verification (ver_…)."`
	Format string `help:"How to write it." enum:"text,json" default:"text"`
}

// errOtherwise ends the program with status 1: a decision does not come out the same, or its receipt is not ours.
var errOtherwise = errors.New("a decision does not come out the same")

// Run explains. The exit status is 0 when every decision that can be replayed comes out the same.
func (c verifyExplainCommand) Run(ctx context.Context, t terminal) error {
	return t.withDatabase(ctx, func(cfg config.Config, _ *database.DB) (err error) {
		g, err := gateway.Open(ctx, gateway.Options{Config: cfg, Logger: slog.New(slog.DiscardHandler), Version: version, Commit: commitOf()})
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, g.Close()) }()
		found, err := c.find(ctx, g)
		if err != nil {
			return err
		}
		if err := c.write(t.out, api.ViewExplanation(found)); err != nil {
			return err
		}
		if slices.ContainsFunc(found.Decisions, func(d verify.ExplainedDecision) bool {
			return d.Signature == verify.SignatureBad || d.Replayed == verify.ReplayedOther
		}) {
			return errOtherwise
		}
		return nil
	})
}

// find looks into every store: a verification's id is in one of them only.
func (c verifyExplainCommand) find(ctx context.Context, g *gateway.Gateway) (*verify.Explanation, error) {
	stores, err := g.Tenants.Stores(ctx)
	if err != nil {
		return nil, err
	}
	for _, s := range stores {
		found, err := g.Verify.Explain(ctx, verify.StoreRef{ID: s.ID, Test: !s.Live()}, c.ID)
		if fault.CodeOf(err) != fault.NotFound {
			return found, err
		}
	}
	return nil, errors.New("no store has a verification of this id")
}

func (c verifyExplainCommand) write(out io.Writer, e api.ExplanationView) error {
	if c.Format == "json" {
		encoder := json.NewEncoder(out)
		encoder.SetIndent("", "  ")
		return encoder.Encode(e)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s is %s\n", e.VerificationID, e.State)
	for _, name := range slices.Sorted(maps.Keys(e.Signals)) {
		fmt.Fprintf(&b, "  signal %s: %d\n", name, e.Signals[name])
	}
	for _, n := range e.Trail {
		fmt.Fprintf(&b, "  %s  %-9s %s %s\n", n.At.Format(time.RFC3339), n.Outcome, n.Requirement, strings.Join(n.Why, ", "))
	}
	for _, d := range e.Decisions {
		explainDecision(&b, d)
	}
	if len(e.Decisions) == 0 {
		b.WriteString("\nNothing is decided yet.\n")
	}
	_, err := io.WriteString(out, b.String())
	return err
}

func explainDecision(b *strings.Builder, d api.DecisionReplay) {
	fmt.Fprintf(b, "\n%s  %s by policy %s, version %d\n", d.At.Format(time.RFC3339), d.Decided, d.PolicyID, d.PolicyVersion)
	for _, line := range []struct{ name, text string }{
		{"path", strings.Join(d.Path, " + ")}, {"evidence", strings.Join(d.Classes, ", ")}, {"reasons", strings.Join(d.Reasons, ", ")},
		{"result", d.AttestationID}, {"receipt", d.ID + ", signature " + d.Signature}, {"replayed", d.Replayed},
	} {
		if line.text != "" {
			fmt.Fprintf(b, "  %-9s %s\n", line.name, line.text)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(d.Digests)) {
		fmt.Fprintf(b, "  %-9s %s %s\n", "data", name, d.Digests[name])
	}
	for _, f := range d.Findings {
		fmt.Fprintf(b, "  %s\n", f)
	}
	for _, r := range d.Today {
		verdict := "would not be given"
		if r.Holds {
			verdict = "would be given"
		}
		fmt.Fprintf(b, "  today the evidence of %s %s (%s)\n", r.Requirement, verdict, r.Why)
	}
}
