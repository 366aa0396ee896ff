// Command run takes each guard of the table away, one after the other, and demands that its test fails by its own
// complaint, and that the same test passes with every guard in place. No file of the tree is touched.
//
//	go run ./internal/guards/run           all guards; a table of what happened
//	go run ./internal/guards/run webhook   those whose row has this word
//	go run ./internal/guards/run -table    the table of docs/security.md
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"time"

	"github.com/laurel-gateway/laurel/internal/guards"
)

func main() {
	table := flag.Bool("table", false, "print the table of docs/security.md")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	work := func() error { return run(ctx, os.Stdout, flag.Args()) }
	if *table {
		work = func() error {
			_, err := io.WriteString(os.Stdout, guards.Markdown())
			return err
		}
	}
	err := work()
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// errNotRed says that a test let a missing guard pass, or failed for another reason.
var errNotRed = errors.New("not every guard is held by its test")

func run(ctx context.Context, out io.Writer, words []string) (err error) {
	b, err := newBench()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.close()) }()
	held, all, began := 0, 0, time.Now()
	for _, a := range guards.All() {
		for _, g := range a.Guards {
			if !chosen(a, g, words) {
				continue
			}
			all++
			start := time.Now()
			verdict := b.judge(ctx, g)
			if verdict.ok {
				held++
			}
			_, err := fmt.Fprintf(out, "%-7s %5.1f s  %s: %s\n%17s%s\n%17s%s\n", verdict.word(), time.Since(start).Seconds(), a.What, g.How, "", g.Test.Name, "", verdict.why)
			if err != nil {
				return fmt.Errorf("write the report: %w", err)
			}
		}
	}
	if _, err := fmt.Fprintf(out, "%d of %d guards are held by their tests, in %s.\n", held, all, time.Since(began).Round(time.Second)); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	if held < all || all == 0 {
		return errNotRed
	}
	return nil
}

func chosen(a guards.Attack, g guards.Guard, words []string) bool {
	row := strings.ToLower(strings.Join([]string{a.What, g.How, g.Stands, g.File, g.Test.Name}, " "))
	for _, word := range words {
		if !strings.Contains(row, strings.ToLower(word)) {
			return false
		}
	}
	return true
}
