package privacy_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/internal/privacy"
)

func TestAReferenceNamesACustomerOrAGuest(t *testing.T) {
	for reference, want := range map[string]privacy.Subject{
		"c-1":                {Customer: "c-1"},
		"verification:ver_1": {Verification: "ver_1"},
		"verification:c-1":   {Customer: "verification:c-1"},
		"ver_1":              {Customer: "ver_1"},
	} {
		if got := privacy.SubjectOf(reference); got != want || got.Reference() != reference {
			t.Errorf("%q: %+v, %q", reference, got, got.Reference())
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		reference := rapid.String().Draw(t, "reference")
		if got := privacy.SubjectOf(reference).Reference(); got != reference {
			t.Errorf("%q became %q", reference, got)
		}
	})
}

func TestPseudonymsHoldNothing(t *testing.T) {
	a, b := privacy.NewPseudonym(), privacy.NewPseudonym()
	if a == b || !privacy.IsPseudonym(a) || privacy.IsPseudonym("c-1") {
		t.Errorf("%q, %q", a, b)
	}
}

func TestClocksStayWithinTheirBounds(t *testing.T) {
	for name, c := range map[string]struct {
		clocks privacy.Clocks
		fails  bool
	}{
		"none":           {privacy.Clocks{}, false},
		"the shortest":   {privacy.Clocks{privacy.Collected: 1, privacy.Audit: 30}, false},
		"the longest":    {privacy.Clocks{privacy.Collected: 365, privacy.Audit: 3650}, false},
		"too short":      {privacy.Clocks{privacy.Audit: 29}, true},
		"too long":       {privacy.Clocks{privacy.Networks: 366}, true},
		"a fixed one":    {privacy.Clocks{"sign_ins": 1}, true},
		"the verifier's": {privacy.Clocks{privacy.Documents: 1}, true},
		"unknown":        {privacy.Clocks{"dreams": 1}, true},
	} {
		if err := c.clocks.Check(); (fault.CodeOf(err) == fault.Invalid) != c.fails {
			t.Errorf("%s: %v", name, err)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		clocks := privacy.Clocks{privacy.Collected: rapid.Int().Draw(t, "days")}
		if days := clocks.Days(privacy.Collected); days < 1 || days > 365 {
			t.Errorf("%d days", days)
		}
	})
	if days := (privacy.Clocks{}).Days(privacy.Collected); days != 90 {
		t.Errorf("%d days by default", days)
	}
}

func TestWhatIsTooOldIsOverdue(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	rule, _ := privacy.RuleOf(privacy.Collected)
	for age, want := range map[time.Duration]bool{0: false, 90 * 24 * time.Hour: false, 90*24*time.Hour + time.Hour: false, 91 * 24 * time.Hour: true} {
		s := privacy.Standing{Rule: rule, Days: 90, Oldest: now.Add(-age)}
		if s.Overdue(now) != want {
			t.Errorf("%s old: overdue %t", age, !want)
		}
	}
	if (privacy.Standing{Rule: rule, Days: 90}).Overdue(now) {
		t.Error("nothing is overdue")
	}
}
