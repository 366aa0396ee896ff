// Package race races a running deployment of Laurel through its API and says whether it can be raced: races 1, 3, 6 and
// 11 of docs/races.md. It redeems real offers, so it works in a test store, made for the purpose or named by the caller.
package race

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/laurel-gateway/laurel/cmd/laurel/outside"
)

// Options say what to race and with what.
type Options struct {
	// URL is the deployment's address, without a path.
	URL string
	// Email and Password are an operator's of the console. With them the test store, its keys and its offers are made.
	Email    string
	Password string
	// Key is a secret key of a prepared store; it is not needed with Email.
	Key string
	// Shop is what is prepared in the store of Key.
	Shop Shop
	// Live allows a key of a live store.
	Live bool
	// Races are the numbers of those to run; all when empty.
	Races []int
	// Workers is how many requests are sent at once.
	Workers int
	// Out gets the verdict, Progress what is being done.
	Out      io.Writer
	Progress io.Writer
	// Client sends the requests.
	Client *http.Client
	Now    func() time.Time
	// NewID makes names that no other run uses.
	NewID func() string
}

// Shop is a store prepared for races.
type Shop struct {
	// Limited is a fresh offer of which Limit uses are left: races 1 and 6.
	Limited string
	Limit   int
	// PerPerson is an offer for everybody with one use a person: races 3 and 11. Its people are verified by the mock
	// verifier for both Groups, from a page of Origin with the Publishable key.
	PerPerson   string
	Publishable string
	Origin      string
	Groups      []string
	// Currency is that of the carts.
	Currency string
}

// Faults of options.
var (
	ErrNobody  = errors.New("say who you are: --email of an operator, or --key of a prepared test store")
	ErrLive    = errors.New("this is the key of a live store: use one of a test store, or say --live-store-i-mean-it")
	ErrKey     = errors.New("a secret key begins with sk_test_ or sk_live_")
	ErrWorkers = errors.New("--workers must be 2 to 1000")
	ErrLimited = errors.New("races 1 and 6 need --limited, an offer with a total limit of --limit that nobody has used yet")
	ErrPerson  = errors.New("races 3 and 11 need --per-person, --publishable-key and --origin: an offer with one use a person, and a page that may verify people")
	ErrFew     = errors.New("race 1 needs more --workers than the offer has uses")
)

// Verdict is how one race ended.
type Verdict struct {
	Race int
	What string
	// Sent, Redeemed and Refused count orders.
	Sent, Redeemed, Refused int
	// Wrong says what should not have happened; nothing when the race was passed.
	Wrong []string
}

// Passed tells whether nothing went wrong.
func (v Verdict) Passed() bool { return len(v.Wrong) == 0 }

// known are the races, in the order in which they run: the repeated order takes one use of the limited offer before the
// others fight for the rest.
var known = []struct {
	number int
	run    func(context.Context, *runner) (Verdict, error)
}{{6, sameOrder}, {1, manyOrders}, {3, firstUse}, {11, newAccount}}

// Run races the deployment and writes the verdict. Its error says that the races could not be run, not that they were
// lost.
func Run(ctx context.Context, o Options) ([]Verdict, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	r := &runner{Options: o, name: o.NewID()}
	if o.Email != "" {
		if err := r.prepare(ctx); err != nil {
			return nil, fmt.Errorf("prepare a test store: %w", err)
		}
	}
	r.left = r.Shop.Limit
	var verdicts []Verdict
	for _, k := range known {
		if !o.wants(k.number) {
			continue
		}
		if _, err := fmt.Fprintf(o.Progress, "race %d …\n", k.number); err != nil {
			return nil, fmt.Errorf("report: %w", err)
		}
		v, err := k.run(ctx, r)
		if err != nil {
			return nil, fmt.Errorf("race %d: %w", k.number, err)
		}
		verdicts = append(verdicts, v)
	}
	slices.SortFunc(verdicts, func(a, b Verdict) int { return a.Race - b.Race })
	return verdicts, report(o.Out, verdicts)
}

func (o Options) wants(race int) bool { return len(o.Races) == 0 || slices.Contains(o.Races, race) }

func (o Options) check() error {
	for _, n := range o.Races {
		if n != 1 && n != 3 && n != 6 && n != 11 {
			return fmt.Errorf("there is no race %d here: 1, 3, 6 and 11 are", n)
		}
	}
	if o.Workers < 2 || o.Workers > 1000 {
		return ErrWorkers
	}
	if o.Email != "" {
		return nil
	}
	switch {
	case o.Key == "":
		return ErrNobody
	case strings.HasPrefix(o.Key, "sk_live_") && !o.Live:
		return ErrLive
	case !strings.HasPrefix(o.Key, "sk_test_") && !strings.HasPrefix(o.Key, "sk_live_"):
		return ErrKey
	}
	s := o.Shop
	if (o.wants(1) || o.wants(6)) && (s.Limited == "" || s.Limit < 2) {
		return ErrLimited
	}
	if o.wants(1) && o.Workers <= s.Limit {
		return ErrFew
	}
	if (o.wants(3) || o.wants(11)) && (s.PerPerson == "" || s.Publishable == "" || s.Origin == "" || len(s.Groups) != 2) {
		return ErrPerson
	}
	return nil
}

// runner is one run.
type runner struct {
	Options
	// name is in the name of every customer and order, so that runs in one store do not meet.
	name string
	// left is how many uses the limited offer has left.
	left int
}

func (r *runner) called(kind string, i int) string {
	return fmt.Sprintf("race-%s-%s-%d", r.name, kind, i)
}

func (r *runner) secret() outside.Caller {
	return outside.As(r.Client, r.URL, r.NewID).With("Authorization", "Bearer "+r.Key)
}

func (r *runner) page() outside.Caller {
	c := r.secret()
	c.Header = http.Header{"Authorization": {"Bearer " + r.Shop.Publishable}, "Origin": {r.Shop.Origin}}
	return c
}
