package verify

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
)

// FuzzRuling: whatever reviewers send, in whatever order, no text of theirs reaches a shopper; a review is decided once, by as
// many people as it needs, and nobody has two votes.
func FuzzRuling(f *testing.F) {
	f.Add("rosa omar rosa", "y y y", "document_unreadable", uint8(2), false)
	f.Add("rosa omar", "n y", "look_alike,look_alike", uint8(1), true)
	f.Add("rosa", "n", "", uint8(2), false)
	f.Add("rosa", "n", "because,<b>", uint8(1), false)
	f.Fuzz(func(t *testing.T, names, votes, reasons string, needed uint8, final bool) {
		now := time.Date(2027, 3, 1, 12, 0, 0, 0, time.UTC)
		review := Review{ID: "rev_1", Needed: 1 + int(needed%2)}
		yes := map[string]bool{}
		said := strings.Fields(votes)
		for i, name := range strings.Fields(names) {
			ruling := Ruling{Approve: i < len(said) && said[i] == "y", Final: final}
			if reasons != "" {
				ruling.Reasons = strings.Split(reasons, ",")
			}
			told, err := ruling.reasons()
			if err != nil {
				if fault.CodeOf(err) != fault.Invalid || ruling.Approve {
					t.Fatalf("%+v: %v", ruling, err)
				}
				continue
			}
			unknown := func(r Reason) bool { return !slices.Contains(RejectReasons(), r) }
			if slices.ContainsFunc(told, unknown) || len(told) == 0 != ruling.Approve {
				t.Fatalf("%+v tells %+v", ruling, told)
			}
			before := review
			review, err = review.vote(name, ruling, now)
			if err != nil {
				if len(review.Votes) != len(before.Votes) || review.Outcome != before.Outcome {
					t.Fatalf("a vote that was refused with %v changed %+v to %+v", err, before, review)
				}
				continue
			}
			if before.Outcome != "" || before.VotedBy(name) {
				t.Fatalf("%s voted again, or too late: %+v", name, review)
			}
			yes[name] = ruling.Approve
			now = now.Add(time.Minute)
		}
		if review.Outcome == ReviewApproved && len(yes) < review.Needed || review.Outcome != "" != !review.DecidedAt.IsZero() {
			t.Fatalf("%+v by %v", review, yes)
		}
		for name, approved := range yes {
			if review.Outcome == ReviewApproved && !approved || review.Outcome == "" && !approved {
				t.Fatalf("%s said no: %+v", name, review)
			}
		}
	})
}
