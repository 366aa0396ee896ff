package offers_test

import (
	"slices"
	"testing"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/offers"
)

func pointsAt(err error, pointer string) bool {
	f := fault.From(err)
	return f != nil && slices.ContainsFunc(f.Fields, func(x fault.Field) bool { return x.Pointer == pointer })
}

func TestWhoAnOfferSuits(t *testing.T) {
	for _, c := range []struct {
		group, subgroup string
		hasGroup, has   string
		want            bool
	}{
		{"", "", "", "", true}, {"student", "", "student", "", true}, {"student", "", "teacher", "", false},
		{"student", "university", "student", "", false}, {"student", "university", "student", "university", true}, {"student", "university", "teacher", "university", false},
	} {
		o := offers.Offer{Group: c.group, Subgroup: c.subgroup}
		if got := o.Suits(c.hasGroup, c.has); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
}
