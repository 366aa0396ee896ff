package main

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/url"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/laurel-gateway/laurel/cmd/laurel/gateway"
	"github.com/laurel-gateway/laurel/internal/config"
	"github.com/laurel-gateway/laurel/internal/database"
	"github.com/laurel-gateway/laurel/internal/egress"
	"github.com/laurel-gateway/laurel/internal/reconcile"
	"github.com/laurel-gateway/laurel/internal/tenant"
)

type reconcileCommand struct {
	Orders       string            `help:"The storefront's orders: a CSV file, a file of JSON lines (.jsonl, .ndjson), an http(s) address, or - for CSV on standard input." required:"" placeholder:"FILE|URL"`
	Store        string            `help:"The store." required:"" placeholder:"sto_…"`
	Since        string            `help:"Compare orders placed from this time on (2026-11-01 or 2026-11-01T00:00:00Z)." placeholder:"TIME"`
	Until        string            `help:"Compare orders placed before this time." placeholder:"TIME"`
	Format       string            `help:"How to write what differs." enum:"table,json,csv" default:"table"`
	Map          map[string]string `help:"The storefront's own name of a column: order_id=Name. Again for each column." placeholder:"COLUMN=NAME"`
	MinorUnits   bool              `help:"Amounts are integers in minor units, not decimals."`
	BearerEnv    string            `help:"Name of the environment variable that holds the bearer token for the address." placeholder:"NAME"`
	AllowPrivate bool              `help:"Let the address be a private one, and plain http."`
}

// errDiffers ends the program with status 1: both sides were read, and do not agree.
type errDiffers int

func (e errDiffers) Error() string   { return fmt.Sprintf("%d differences", int(e)) }
func (e errDiffers) ExitStatus() int { return 1 }

// errCouldNot ends the program with status 2: the comparison did not take place.
type errCouldNot struct{ error }

func (e errCouldNot) Unwrap() error   { return e.error }
func (e errCouldNot) ExitStatus() int { return 2 }

// Run compares and lists. The exit status is 0 when nothing differs, 1 when something does, 2 when it could not run.
func (c reconcileCommand) Run(ctx context.Context, t terminal) error {
	err := t.withDatabase(ctx, func(cfg config.Config, db *database.DB) error { return c.run(ctx, t, cfg, db) })
	var differs errDiffers
	if err == nil || errors.As(err, &differs) {
		return err
	}
	return errCouldNot{err}
}

func (c reconcileCommand) run(ctx context.Context, t terminal, cfg config.Config, db *database.DB) (err error) {
	options, err := c.bounds()
	if err != nil {
		return err
	}
	format := reconcile.Format{Names: c.Map, Minor: c.MinorUnits}
	if err := format.Check(); err != nil {
		return err
	}
	master, err := gateway.OpenMaster(cfg)
	if err != nil {
		return err
	}
	tenants, err := tenant.NewDirectory(tenant.Config{Storage: db, Master: master, Now: time.Now})
	if err != nil {
		return fmt.Errorf("open the stores: %w", err)
	}
	store, err := tenants.Store(ctx, c.Store)
	if err != nil {
		return err
	}
	orders, done, err := c.orders(ctx, cfg, format)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	list := newListing(c.Format, t.out)
	summary, err := reconcile.Run(ctx, orders, database.NewReconciliation(db, store.ID, store.Keys()), options, list.difference)
	if err != nil {
		return err
	}
	if err := list.end(summary); err != nil {
		return fmt.Errorf("write what differs: %w", err)
	}
	if summary.Differences > 0 {
		return errDiffers(summary.Differences)
	}
	return nil
}

func (c reconcileCommand) bounds() (o reconcile.Options, err error) {
	for text, into := range map[string]*time.Time{c.Since: &o.Since, c.Until: &o.Until} {
		if text == "" {
			continue
		}
		if *into, err = reconcile.Instant(text); err != nil {
			return o, err
		}
	}
	return o, nil
}

// orders opens the storefront's orders. done closes them.
func (c reconcileCommand) orders(ctx context.Context, cfg config.Config, f reconcile.Format) (iter.Seq2[reconcile.Order, error], func() error, error) {
	nothing := func() error { return nil }
	if u, err := url.Parse(c.Orders); err == nil && (u.Scheme == "http" || u.Scheme == "https") {
		reach := egress.Options{AllowPrivate: c.AllowPrivate || cfg.Outgoing.AllowPrivate, Timeout: time.Minute, MaxBytes: 32 << 20}
		if err := reach.Check(c.Orders); err != nil {
			return nil, nothing, fmt.Errorf("the address of the orders: %w", err)
		}
		s := reconcile.Source{Client: egress.Client(reach), URL: c.Orders}
		if c.BearerEnv != "" {
			if s.Bearer = os.Getenv(c.BearerEnv); s.Bearer == "" {
				return nil, nothing, fmt.Errorf("the environment variable %s is empty", c.BearerEnv)
			}
		}
		return reconcile.Fetch(ctx, s, f), nothing, nil
	}
	if c.Orders == "-" {
		return reconcile.CSV(os.Stdin, f), nothing, nil
	}
	file, err := os.Open(c.Orders)
	if err != nil {
		return nil, nothing, fmt.Errorf("open the orders: %w", err)
	}
	if strings.HasSuffix(c.Orders, ".jsonl") || strings.HasSuffix(c.Orders, ".ndjson") || strings.HasSuffix(c.Orders, ".json") {
		return reconcile.JSONLines(file, f), file.Close, nil
	}
	return reconcile.CSV(file, f), file.Close, nil
}

// listing writes differences as they are found.
type listing struct {
	difference func(reconcile.Difference) error
	end        func(reconcile.Summary) error
}

func newListing(format string, out io.Writer) listing {
	switch format {
	case "json":
		lines := json.NewEncoder(out)
		return listing{func(d reconcile.Difference) error { return lines.Encode(d) },
			func(s reconcile.Summary) error { return lines.Encode(map[string]any{"summary": s}) }}
	case "csv":
		return csvListing(csv.NewWriter(out))
	}
	return tableListing(out)
}

func csvListing(w *csv.Writer) listing {
	begun := false
	row := func(cells ...string) error {
		if !begun {
			begun = true
			if err := w.Write([]string{"kind", "order_id", "id", "shop", "here"}); err != nil {
				return err
			}
		}
		if cells == nil {
			return nil
		}
		return w.Write(cells)
	}
	return listing{func(d reconcile.Difference) error { return row(string(d.Kind), d.OrderID, d.ID, d.Shop, d.Here) },
		func(reconcile.Summary) error {
			err := row()
			w.Flush()
			return errors.Join(err, w.Error())
		}}
}

// tableRows is how many rows share their column widths: a table is written before all differences are known.
const tableRows = 500

func tableListing(out io.Writer) listing {
	w, rows := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0), 0
	return listing{func(d reconcile.Difference) error {
		if rows++; rows == 1 {
			if _, err := fmt.Fprintln(w, "KIND\tORDER\tSHOP\tHERE\tID"); err != nil {
				return err
			}
		}
		if _, err := fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", d.Kind, d.OrderID, d.Shop, d.Here, d.ID); err != nil {
			return err
		}
		if rows%tableRows == 0 {
			return w.Flush()
		}
		return nil
	}, func(s reconcile.Summary) error {
		if err := w.Flush(); err != nil {
			return err
		}
		_, err := fmt.Fprintf(out, "%d orders of the storefront, %d orders known here, %d differences\n", s.Shop, s.Here, s.Differences)
		return err
	}}
}
