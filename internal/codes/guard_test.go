package codes_test

import (
	"context"
	"errors"
	"log/slog"
	"net/netip"
	"sync"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/internal/codes"
	"github.com/laurel-gateway/laurel/internal/crypt"
	"github.com/laurel-gateway/laurel/internal/database"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/internal/ratelimit"
	"github.com/laurel-gateway/laurel/internal/tenant"
	"github.com/laurel-gateway/laurel/internal/testdb"
)

// journal keeps what it is told.
type journal struct {
	mu    sync.Mutex
	notes []codes.Note
	err   error
}

func (j *journal) NoteGuesses(_ context.Context, n codes.Note) (codes.Window, bool, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.notes = append(j.notes, n)
	return n.Window, false, j.err
}

func newStore(t *testing.T) *tenant.Store {
	t.Helper()
	db := testdb.Open(t, testdb.SQLiteURL(t))
	raw, err := crypt.NewKeyset()
	if err != nil {
		t.Fatal(err)
	}
	master, err := crypt.MasterFromKeyset(raw)
	if err != nil {
		t.Fatal(err)
	}
	d, err := tenant.NewDirectory(tenant.Config{Storage: db, Master: master, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	s, err := d.Create(t.Context(), tenant.NewStore{Name: "S", Mode: tenant.Test, Currency: "USD", Timezone: "UTC"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	store, err := d.Store(t.Context(), s.ID)
	if err != nil {
		t.Fatal(err)
	}
	return store
}

type scene struct {
	*codes.Guard
	t     *testing.T
	store *tenant.Store
	j     *journal
	now   time.Time
}

func newScene(t *testing.T, perHour, alert int) *scene {
	t.Helper()
	s := &scene{t: t, store: newStore(t), j: &journal{}, now: time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)}
	clock := func() time.Time { return s.now }
	s.Guard = codes.NewGuard(codes.GuardConfig{Limiter: ratelimit.NewLocal(0, clock), Journal: s.j, PerHour: perHour, Alert: alert, Window: 10 * time.Minute,
		Now: clock, Logger: slog.New(slog.DiscardHandler)})
	return s
}

// guess looks codes up, of which some are wrong.
func (s *scene) guess(ip, customer string, presented, wrong int) error {
	s.t.Helper()
	var addr netip.Addr
	if ip != "" {
		addr = netip.MustParseAddr(ip)
	}
	settle, err := s.Admit(s.t.Context(), s.store, addr, customer, presented)
	if err == nil {
		settle(s.t.Context(), wrong)
	}
	return err
}

func (s *scene) want(limited bool, err error) {
	s.t.Helper()
	if got := fault.CodeOf(err) == fault.RateLimited; err != nil && !got || got != limited {
		s.t.Errorf("%v, want limited: %v", err, limited)
	}
}

func TestWhoCounts(t *testing.T) {
	t.Parallel()
	s := newScene(t, 3, 1000)
	s.want(false, s.guess("203.0.113.7", "", 3, 3))
	s.want(true, s.guess("203.0.113.7", "", 1, 0))
	s.want(true, s.guess("::ffff:203.0.113.7", "", 1, 0)) // the same, as IPv6 writes it
	s.want(false, s.guess("203.0.113.8", "", 1, 0))
	s.want(false, s.guess("2001:db8:1:2::1", "", 3, 3))
	s.want(true, s.guess("2001:db8:1:2:ffff::9", "", 1, 0))
	s.want(false, s.guess("2001:db8:1:3::1", "", 1, 0))
	s.want(false, s.guess("", "c-1", 3, 3))
	s.want(true, s.guess("198.51.100.1", "c-1", 1, 0))
	s.want(false, s.guess("198.51.100.1", "c-2", 1, 0))
	for range 10 {
		s.want(false, s.guess("", "", 5, 5)) // of nobody is known who it is
	}
	s.now = s.now.Add(20 * time.Minute)
	s.want(false, s.guess("203.0.113.7", "", 1, 1))
	s.want(true, s.guess("203.0.113.7", "", 1, 0))
}

func TestTheWaitIsTheSameForAll(t *testing.T) {
	t.Parallel()
	s := newScene(t, 20, 1000)
	s.want(false, s.guess("203.0.113.7", "", 20, 20))
	for range 5 {
		s.now = s.now.Add(17 * time.Second)
		if f := fault.From(s.guess("203.0.113.7", "", 1, 0)); f == nil || f.RetryAfter != 3*time.Minute {
			t.Fatalf("%+v, want a wait of one interval", f)
		}
	}
}

func TestCodesBeingLookedUpCount(t *testing.T) {
	t.Parallel()
	s := newScene(t, 2, 1000)
	addr := netip.MustParseAddr("203.0.113.7")
	first, err := s.Admit(t.Context(), s.store, addr, "c-1", 2)
	if err != nil {
		t.Fatal(err)
	}
	s.want(true, s.guess("203.0.113.7", "", 1, 0))
	s.want(true, s.guess("", "c-1", 1, 0))
	first(t.Context(), 0)
	s.want(false, s.guess("203.0.113.7", "c-1", 2, 0))
}

func TestGuessesAreWrittenDownInTenths(t *testing.T) {
	t.Parallel()
	s := newScene(t, 100_000, 100)
	began := s.now
	for range 25 {
		s.want(false, s.guess("", "", 1, 1))
		s.now = s.now.Add(time.Second)
	}
	if len(s.j.notes) != 2 || s.j.notes[0].Wrong != 10 || s.j.notes[1].Wrong != 10 || !s.j.notes[0].First.Equal(began) || !s.j.notes[0].Last.Equal(began.Add(9*time.Second)) {
		t.Errorf("%+v", s.j.notes)
	}
	s.j.err = errors.New("away")
	s.want(false, s.guess("", "", 10, 10)) // a shopper does not pay for a journal that is away
}

func TestOneReplicaTells(t *testing.T) {
	t.Parallel()
	testdb.Each(t, func(t *testing.T, db *database.DB) {
		t.Parallel()
		at := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
		var wg sync.WaitGroup
		var mu sync.Mutex
		told, total := 0, int64(0)
		for range 20 {
			wg.Go(func() {
				w, yes, err := database.NewCodes(db).NoteGuesses(t.Context(), codes.Note{Window: codes.Window{Store: "sto_x", At: at, Wrong: 10, First: at, Last: at.Add(time.Minute)},
					Length: 10 * time.Minute, Alert: 100})
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				defer mu.Unlock()
				total = max(total, w.Wrong)
				if yes {
					told++
					if w.Wrong != 100 {
						t.Errorf("told at %d wrong codes, want 100", w.Wrong)
					}
				}
			})
		}
		wg.Wait()
		if told != 1 || total != 200 {
			t.Errorf("told %d times of %d wrong codes", told, total)
		}
	})
}
