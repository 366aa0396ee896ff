package redteam

import (
	"fmt"
	"io"
	"text/tabwriter"
)

// report writes what happened as a table.
func report(out io.Writer, r Result) error {
	w := tabwriter.NewWriter(out, 0, 4, 2, ' ', 0)
	stopped, played := 0, 0
	// A tabwriter keeps its first error for Flush.
	for _, v := range r.Verdicts {
		if v.Outcome != Skipped {
			played++
		}
		if v.Outcome == Stopped {
			stopped++
		}
		_, _ = fmt.Fprintf(w, "%s\t%s\t%d tries\t%s\n", v.Attack, v.Outcome, v.Tries, v.What)
		for _, n := range v.Notes {
			_, _ = fmt.Fprintf(w, "\t\t\t  %s\n", n)
		}
	}
	_, _ = fmt.Fprintf(w, "\n%d of %d attacks stopped, %d not played. Of %d honest shoppers %d were refused.\n",
		stopped, played, len(r.Verdicts)-played, r.Honest.Shoppers, r.Honest.Refused)
	if err := w.Flush(); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return nil
}
