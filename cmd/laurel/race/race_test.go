package race

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/cmd/laurel/outside"
)

func options(url string, out io.Writer) Options {
	return Options{URL: url, Key: "sk_test_x", Workers: 12, Out: out, Progress: io.Discard, Client: http.DefaultClient, Now: time.Now, NewID: rand.Text,
		Shop: Shop{Limited: "limited", Limit: fakeLimit, PerPerson: "person", Publishable: "pk_test_x", Origin: "https://race.example", Groups: []string{"student", "teacher"}, Currency: "USD"}}
}

func TestVerdicts(t *testing.T) {
	for name, test := range map[string]struct {
		lies lies
		lost []int
		says string
	}{
		"honest":                       {lies{}, nil, "PASS: 4 of 4 races"},
		"one use too many":             {lies{beyond: 1}, []int{1}, "1 uses too many"},
		"a use lost":                   {lies{beyond: -1}, []int{1}, "1 uses were lost"},
		"acknowledged and not kept":    {lies{forgets: true}, []int{1, 3, 6, 11}, "are recorded"},
		"an order redeemed many times": {lies{repeats: true}, []int{1, 6}, "one order has"},
		"a new account is a stranger":  {lies{strangers: true}, []int{3, 11}, "new accounts were served"},
		"internal errors":              {lies{breaks: true}, []int{1}, "answered 500 internal"},
	} {
		t.Run(name, func(t *testing.T) {
			f, url := serveFake(t, test.lies)
			f.busy = 3 // What is busy is asked again.
			var out bytes.Buffer
			verdicts, err := Run(context.Background(), options(url, &out))
			if err != nil {
				t.Fatal(err)
			}
			var lost []int
			for _, v := range verdicts {
				if !v.Passed() {
					lost = append(lost, v.Race)
				}
			}
			for _, n := range test.lost {
				if !contains(lost, n) {
					t.Errorf("race %d was passed", n)
				}
			}
			if len(test.lost) == 0 && len(lost) > 0 || len(verdicts) != 4 || !strings.Contains(out.String(), test.says) {
				t.Errorf("lost %v, want %v and %q:\n%s", lost, test.lost, test.says, out.String())
			}
		})
	}
}

func contains(list []int, n int) bool {
	for _, each := range list {
		if each == n {
			return true
		}
	}
	return false
}

func TestOptionsThatCannotRace(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*Options)
		want   error
	}{
		"nobody":          {func(o *Options) { o.Key = "" }, ErrNobody},
		"live":            {func(o *Options) { o.Key = "sk_live_x" }, ErrLive},
		"publishable":     {func(o *Options) { o.Key = "pk_test_x" }, ErrKey},
		"no offer":        {func(o *Options) { o.Shop.Limited = "" }, ErrLimited},
		"no page":         {func(o *Options) { o.Shop.Origin = "" }, ErrPerson},
		"too few workers": {func(o *Options) { o.Workers = fakeLimit }, ErrFew},
		"one worker":      {func(o *Options) { o.Workers = 1 }, ErrWorkers},
	} {
		t.Run(name, func(t *testing.T) {
			o := options("http://127.0.0.1:1", io.Discard)
			test.change(&o)
			if _, err := Run(context.Background(), o); !errors.Is(err, test.want) {
				t.Errorf("%v, want %v", err, test.want)
			}
		})
	}
	o := options("http://127.0.0.1:1", io.Discard)
	o.Races = []int{2}
	if _, err := Run(context.Background(), o); err == nil {
		t.Error("race 2 was run")
	}
}

// TestNotALaurel: an address where something else answers gives no verdict.
func TestNotALaurel(t *testing.T) {
	_, url := serveFake(t, lies{})
	if v, err := Run(context.Background(), options(url+"/elsewhere", io.Discard)); !errors.Is(err, outside.ErrUnexpected) || v != nil {
		t.Errorf("%v, %v", v, err)
	}
}

func TestOnlySomeRaces(t *testing.T) {
	_, url := serveFake(t, lies{})
	o := options(url, io.Discard)
	o.Races, o.Shop.PerPerson = []int{1}, ""
	v, err := Run(context.Background(), o)
	if err != nil || len(v) != 1 || v[0].Race != 1 || v[0].Redeemed != fakeLimit {
		t.Errorf("%+v, %v", v, err)
	}
}
