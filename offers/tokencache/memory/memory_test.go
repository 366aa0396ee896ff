package memory

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/laurel-gateway/laurel/offers/tokencache"
	"github.com/laurel-gateway/laurel/offers/tokencache/cachetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type clock struct{ offset atomic.Int64 }

func (c *clock) Now() time.Time {
	return time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(c.offset.Load()))
}

func (c *clock) Pass(d time.Duration) { c.offset.Add(int64(d)) }

func open(t testing.TB, cfg Config) *Cache {
	t.Helper()
	c, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func TestConformance(t *testing.T) {
	var c clock
	cachetest.Run(t, cachetest.Subject{
		New:  func(t testing.TB) tokencache.Cache { return open(t, Config{Now: c.Now}) },
		Pass: c.Pass,
		// Long enough that otter's own, real clock removes nothing during the test.
		Tick: time.Minute,
	})
}

func TestMarksAreBounded(t *testing.T) {
	var c clock
	m := newMarks(640, c.Now)
	for i := range 20_000 {
		m.put(mark{"sto", fmt.Sprint(i)}, tokencache.Spent, time.Hour)
	}
	if n := m.len(); n > 640 || n < 600 {
		t.Fatalf("%d marks are kept, want at most 640 and nearly all of them", n)
	}
	if _, ok := m.get(mark{"sto", "19999"}); !ok {
		t.Fatal("the newest mark is gone")
	}
}

func TestMarksAreSwept(t *testing.T) {
	var c clock
	m := newMarks(64_000, c.Now)
	for i := range 5_000 {
		m.put(mark{"sto", fmt.Sprint(i)}, tokencache.Spent, time.Minute)
	}
	c.Pass(2 * sweepEvery)
	for i := range 1_000 {
		m.put(mark{"sto", fmt.Sprint("new", i)}, tokencache.Spent, time.Minute)
	}
	if n := m.len(); n != 1_000 {
		t.Fatalf("%d marks are kept, want the 1,000 that have not expired", n)
	}
}

func TestIssuedIsBounded(t *testing.T) {
	c := open(t, Config{MaxIssued: 100})
	for i := range 10_000 {
		if err := c.PutIssued(context.Background(), fmt.Sprint(i), tokencache.Entry{}, time.Hour); err != nil {
			t.Fatal(err)
		}
	}
	c.issued.CleanUp()
	if n := c.issued.EstimatedSize(); n > 100 {
		t.Fatalf("%d entries are kept, want at most 100", n)
	}
}

func TestNewRefusesNegativeSizes(t *testing.T) {
	for _, cfg := range []Config{{MaxIssued: -1}, {MaxDead: -1}} {
		if _, err := New(cfg); err == nil {
			t.Errorf("%+v: no error", cfg)
		}
	}
}

func BenchmarkDead(b *testing.B) {
	c := open(b, Config{})
	jtis := []string{"tok_1"}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.Dead(context.Background(), "sto", jtis); err != nil {
			b.Fatal(err)
		}
	}
}
