package race

import (
	"fmt"
	"io"
	"text/tabwriter"
)

// report writes the verdicts as a table, and below it what went wrong.
func report(out io.Writer, verdicts []Verdict) error {
	table := tabwriter.NewWriter(out, 0, 8, 2, ' ', 0)
	// A tabwriter keeps what is written; its errors come with Flush.
	_, _ = fmt.Fprintln(table, "RACE\tSENT\tREDEEMED\tREFUSED\tVERDICT\tWHAT MUST HOLD")
	lost := 0
	for _, v := range verdicts {
		word := "PASS"
		if !v.Passed() {
			word = "FAIL"
			lost++
		}
		_, _ = fmt.Fprintf(table, "%d\t%d\t%d\t%d\t%s\t%s\n", v.Race, v.Sent, v.Redeemed, v.Refused, word, v.What)
	}
	if err := table.Flush(); err != nil {
		return fmt.Errorf("write the verdict: %w", err)
	}
	for _, v := range verdicts {
		for _, wrong := range v.Wrong {
			if _, err := fmt.Fprintf(out, "race %d: %s\n", v.Race, wrong); err != nil {
				return fmt.Errorf("write the verdict: %w", err)
			}
		}
	}
	last := fmt.Sprintf("PASS: %d of %d races", len(verdicts)-lost, len(verdicts))
	if lost > 0 {
		last = fmt.Sprintf("FAIL: %d of %d races were lost", lost, len(verdicts))
	}
	if _, err := fmt.Fprintln(out, last); err != nil {
		return fmt.Errorf("write the verdict: %w", err)
	}
	return nil
}
