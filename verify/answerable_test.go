package verify

import (
	"slices"
	"testing"
)

func TestAnswerable(t *testing.T) {
	t.Parallel()
	paths := []Path{{"registry:nurses", "email:work"}, {"oidc:uni"}}
	for _, c := range []struct {
		name string
		v    Verification
		want []Requirement
	}{
		{"the first of each path", Verification{State: Collecting, Paths: paths}, []Requirement{"registry:nurses", "oidc:uni"}},
		{"what follows in a path that was begun", Verification{State: Collecting, Paths: paths, Met: []Requirement{"registry:nurses"}}, []Requirement{"email:work", "oidc:uni"}},
		{"not what was given up", Verification{State: Collecting, Paths: paths, GivenUp: []GivenUp{{Requirement: "oidc:uni"}}}, []Requirement{"registry:nurses"}},
		{"again what was refused", Verification{State: Rejected, Paths: paths}, []Requirement{"registry:nurses", "oidc:uni"}},
		{"nothing while people look at it", Verification{State: PendingReview, Paths: paths}, nil},
		{"nothing while a system decides", Verification{State: Challenged, Paths: paths, Challenge: &Challenge{Step: StepPending}}, nil},
		{"nothing at the end", Verification{State: Cancelled, Paths: paths}, nil},
	} {
		if got := c.v.Answerable(); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}
