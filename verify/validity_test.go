package verify

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// Whatever a policy and the evidence say: an attestation ends at the first of all ends, and never before it begins.
func TestValidityEndsAtTheFirstEnd(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		now := time.Unix(rapid.Int64Range(1_600_000_000, 2_500_000_000).Draw(t, "now"), 0).UTC()
		v := Validity{Days: rapid.IntRange(0, maxDays).Draw(t, "days")}
		var date time.Time
		switch rapid.IntRange(0, 2).Draw(t, "kind of date") {
		case 1:
			day := now.AddDate(0, 0, rapid.IntRange(1, 4000).Draw(t, "date"))
			v.Until = day.Format(time.DateOnly)
			date = time.Date(day.Year(), day.Month(), day.Day()+1, 0, 0, 0, 0, time.UTC)
		case 2:
			month, day := rapid.IntRange(1, 12).Draw(t, "month"), rapid.IntRange(1, 28).Draw(t, "day")
			v.Until = fmt.Sprintf("%02d-%02d", month, day)
			date = time.Date(now.Year(), time.Month(month), day+1, 0, 0, 0, 0, time.UTC)
			if !date.After(now) {
				date = time.Date(now.Year()+1, time.Month(month), day+1, 0, 0, 0, 0, time.UTC)
			}
		}
		var evidence time.Time
		if rapid.Bool().Draw(t, "evidence ends") {
			evidence = now.Add(time.Duration(rapid.Int64Range(1, int64(20*365*24*time.Hour)).Draw(t, "evidence")))
		}
		var want time.Time
		for _, end := range []time.Time{date, evidence} {
			if !end.IsZero() && (want.IsZero() || end.Before(want)) {
				want = end
			}
		}
		if v.Days > 0 {
			if end := now.AddDate(0, 0, v.Days); want.IsZero() || end.Before(want) {
				want = end
			}
		}
		got, err := v.End(now, evidence)
		if err != nil || !got.Equal(want) {
			t.Fatalf("%+v with evidence to %s, decided %s: ends %s, %v; want %s", v, evidence, now, got, err, want)
		}
		if !got.IsZero() && !got.After(now) {
			t.Fatalf("%+v ends %s, which is not after %s", v, got, now)
		}
	})
}

// Whatever the term: the offer to renew comes within it, not earlier than 30 days before its end, and
// the store is told then, once.
func TestTheOfferToRenewComesWithinTheTerm(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		term := time.Duration(rapid.Int64Range(int64(time.Minute), int64(4000*24*time.Hour)).Draw(t, "term"))
		a := Attestation{CreatedAt: noon.AddDate(-1, 0, 0), TermBegan: noon, ValidUntil: noon.Add(term)}
		from := a.RenewableFrom()
		if from.Before(noon) || !from.Before(a.ValidUntil) || a.ValidUntil.Sub(from) > ReminderLead {
			t.Fatalf("a term of %s is offered %s before its end", term, a.ValidUntil.Sub(from))
		}
		if term > ReminderLead && a.ValidUntil.Sub(from) != ReminderLead {
			t.Fatalf("a term of %s is offered %s before its end", term, a.ValidUntil.Sub(from))
		}
		r, tell := Reminder{State: ReminderNew}.next(a, noon)
		switch {
		case tell:
			t.Fatalf("a term of %s is told of when it begins", term)
		case term < shortestReminded && r.State != ReminderDone, term >= shortestReminded && (r.State != ReminderPlanned || !r.At.Equal(from)):
			t.Fatalf("a term of %s: %+v", term, r)
		}
		if term >= shortestReminded {
			if done, tell := r.next(a, from); !tell || done.State != ReminderDone {
				t.Fatalf("when it is due: %+v, %v", done, tell)
			}
			if _, tell := (Reminder{State: ReminderDone}).next(a, from); tell {
				t.Fatal("told twice")
			}
			if _, tell := r.next(a.End("admin", noon), from); tell {
				t.Fatal("told of one that has ended")
			}
		}
	})
}
