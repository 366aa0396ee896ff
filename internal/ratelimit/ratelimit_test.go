package ratelimit

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"pgregory.net/rapid"

	"github.com/laurel-gateway/laurel/internal/circuit"
	"github.com/laurel-gateway/laurel/internal/testredis"
)

type clock struct{ offset atomic.Int64 }

func (c *clock) Now() time.Time       { return time.Unix(1_900_000_000, c.offset.Load()) }
func (c *clock) Pass(d time.Duration) { c.offset.Add(int64(d)) }

// subject is one limiter under the kit, with a clock that can be moved or must be waited for.
type subject struct {
	limiter Limiter
	pass    func(time.Duration)
	// unit is the interval of a fast rate: long enough that a burst is over before it.
	unit time.Duration
	// slack is how much of the time may have passed by itself.
	slack time.Duration
}

// Peek implements Limiter.
func (m missing) Peek(ctx context.Context, key string, rate Rate) (Result, error) {
	return m.Allow(ctx, key, rate)
}

// patient is a budget that no loaded test machine exceeds.
const patient = 20 * time.Second

func local(*testing.T) subject {
	var c clock
	return subject{limiter: NewLocal(0, c.Now), pass: c.Pass, unit: time.Second}
}

// missing is the limiter to fall back on where falling back is a failure.
type missing struct{ t *testing.T }

func (m missing) Allow(context.Context, string, Rate) (Result, error) {
	m.t.Error("redis is away")
	return Result{}, errors.New("redis is away")
}

func onClient(t *testing.T, c redis.UniversalClient) subject {
	return subject{
		limiter: NewShared(c, missing{t}, Options{Budget: patient}), unit: time.Second, slack: 20 * time.Second,
		pass: func(d time.Duration) {
			ctx := context.Background()
			start, err := c.Time(ctx).Result()
			for at := start; err == nil && at.Sub(start) <= d; {
				<-time.After(10 * time.Millisecond)
				at, err = c.Time(ctx).Result()
			}
			if err != nil {
				t.Fatal(err)
			}
		},
	}
}

func shared(t *testing.T) subject { return onClient(t, testredis.Start(t).Client()) }

func onCluster(t *testing.T) subject {
	cluster := testredis.StartCluster(t)
	c := redis.NewUniversalClient(&redis.UniversalOptions{
		Addrs: strings.Split(strings.TrimPrefix(cluster.URL(), "redis://"), ","), IsClusterMode: true, ContextTimeoutEnabled: true,
	})
	t.Cleanup(func() { _ = c.Close() })
	return onClient(t, c)
}

// TestLimiters is the kit: both limiters decide alike.
func TestLimiters(t *testing.T) {
	for name, open := range map[string]func(*testing.T) subject{"local": local, "redis": shared, "redis sentinel": onSentinel, "redis cluster": onCluster} {
		t.Run(name, func(t *testing.T) {
			s := open(t)
			for name, test := range map[string]func(*testing.T, subject){
				"burst": burst, "keys": keys, "refill": refill, "concurrent": concurrent, "one": one,
				"refusals": refusals, "mistakes": mistakes, "peek": peek,
			} {
				t.Run(name, func(t *testing.T) { test(t, s) })
			}
		})
	}
}

func allow(t testing.TB, s subject, key string, rate Rate) Result {
	t.Helper()
	r, err := s.limiter.Allow(context.Background(), key, rate)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func burst(t *testing.T, s subject) {
	rate := Rate{Limit: 2, Period: 2 * time.Hour, Burst: 5}
	for i := range 5 {
		r := allow(t, s, t.Name(), rate)
		reset := time.Duration(i+1) * time.Hour
		if !r.Allowed || r.Remaining != 4-i || r.Limit != 5 || r.RetryAfter != 0 || !near(r.ResetAfter, reset, s.slack) {
			t.Fatalf("use %d: %+v", i, r)
		}
	}
	r := allow(t, s, t.Name(), rate)
	if r.Allowed || r.Remaining != 0 || !near(r.RetryAfter, time.Hour, s.slack) || !near(r.ResetAfter, 5*time.Hour, s.slack) {
		t.Fatalf("the use above the burst: %+v", r)
	}
}

// Peek says what Allow would, as often as it is asked.
func peek(t *testing.T, s subject) {
	rate := Rate{Limit: 2, Period: 2 * time.Hour, Burst: 5}
	look := func() Result {
		t.Helper()
		r, err := s.limiter.Peek(context.Background(), t.Name(), rate)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	for i := range 5 {
		for range 3 {
			if r := look(); !r.Allowed || r.Remaining != 5-i || r.Limit != 5 || r.RetryAfter != 0 {
				t.Fatalf("before use %d: %+v", i, r)
			}
		}
		if r := allow(t, s, t.Name(), rate); !r.Allowed {
			t.Fatalf("use %d is refused after a look", i)
		}
	}
	if r := look(); r.Allowed || r.Remaining != 0 || !near(r.RetryAfter, time.Hour, s.slack) || !near(r.ResetAfter, 5*time.Hour, s.slack) {
		t.Fatalf("after the burst: %+v", r)
	}
	if _, err := s.limiter.Peek(context.Background(), "x", Rate{}); !errors.Is(err, ErrRate) {
		t.Errorf("a rate of nothing: %v", err)
	}
}

// near reports whether got is want, or less by what has passed. Redis keeps the time in a double: a microsecond off.
func near(got, want, slack time.Duration) bool {
	return got <= want+time.Millisecond && got >= want-slack-time.Millisecond
}

func keys(t *testing.T, s subject) {
	rate := PerHour(1)
	for _, key := range []string{"a", "A", "a:b", "{a}", "{}", "}{", "a b\r\n", "é", "\x00"} {
		if r := allow(t, s, t.Name()+key, rate); !r.Allowed {
			t.Errorf("the first use of %q is refused", key)
		}
		if r := allow(t, s, t.Name()+key, rate); r.Allowed {
			t.Errorf("the second use of %q is allowed", key)
		}
	}
}

func refill(t *testing.T, s subject) {
	rate := Rate{Limit: 1, Period: s.unit, Burst: 2}
	for range 3 {
		allow(t, s, t.Name(), rate)
	}
	s.pass(3 * s.unit)
	if r := allow(t, s, t.Name(), rate); !r.Allowed || r.Remaining != 1 {
		t.Fatalf("after a rest: %+v, want the full burst", r)
	}
	// A full burst and not more: a rest is not saved up.
	slow := Rate{Limit: 1, Period: time.Hour, Burst: 1}
	s.pass(s.unit)
	if r := allow(t, s, t.Name()+"2", slow); !r.Allowed {
		t.Fatal("the first use is refused")
	}
	if r := allow(t, s, t.Name()+"2", slow); r.Allowed {
		t.Fatal("a rest was saved up")
	}
}

func concurrent(t *testing.T, s subject) {
	var allowed atomic.Int64
	var group sync.WaitGroup
	for range 10 {
		group.Go(func() {
			for range 10 {
				r, err := s.limiter.Allow(context.Background(), t.Name(), PerHour(37))
				if err != nil {
					t.Error(err)
				}
				if r.Allowed {
					allowed.Add(1)
				}
			}
		})
	}
	group.Wait()
	if allowed.Load() != 37 {
		t.Errorf("%d of 100 uses are allowed, want 37", allowed.Load())
	}
}

func one(t *testing.T, s subject) {
	if r := allow(t, s, t.Name(), PerHour(1)); !r.Allowed || r.Remaining != 0 {
		t.Errorf("%+v", r)
	}
	if r := allow(t, s, t.Name(), PerHour(1)); r.Allowed || !near(r.RetryAfter, time.Hour, s.slack) {
		t.Errorf("%+v", r)
	}
}

// refusals: who keeps knocking does not push the door further away.
func refusals(t *testing.T, s subject) {
	allow(t, s, t.Name(), PerHour(1))
	for range 20 {
		if r := allow(t, s, t.Name(), PerHour(1)); r.Allowed || !near(r.RetryAfter, time.Hour, s.slack) {
			t.Fatalf("%+v", r)
		}
	}
}

func mistakes(t *testing.T, s subject) {
	for _, rate := range []Rate{
		{}, {Limit: 1}, {Period: time.Second}, {Limit: -1, Period: time.Second}, {Limit: 1, Period: -time.Second},
		{Limit: 1, Period: time.Second, Burst: -1}, {Limit: 2_000_000, Period: time.Second},
	} {
		if r, err := s.limiter.Allow(context.Background(), "k", rate); !errors.Is(err, ErrRate) || r.Allowed {
			t.Errorf("%+v: %+v, %v, want ErrRate", rate, r, err)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if r, err := s.limiter.Allow(ctx, "k", PerHour(1)); !errors.Is(err, context.Canceled) || r.Allowed {
		t.Errorf("an ended context: %+v, %v", r, err)
	}
}

// TestRedisDies: without Redis each process limits for itself, at once; with Redis again they do it together.
func TestRedisDies(t *testing.T) {
	var now clock
	var failed, spared atomic.Int64
	server := testredis.Start(t)
	s := NewShared(server.Client(), NewLocal(0, now.Now), Options{
		Budget: 50 * time.Millisecond, Now: now.Now, Away: func(_ string, err error) {
			if errors.Is(err, circuit.ErrOpen) {
				spared.Add(1)
			} else {
				failed.Add(1)
			}
		},
	})
	server.Kill()
	allowed := 0
	for range 100 {
		r, err := s.Allow(context.Background(), "k", PerHour(7))
		if err != nil {
			t.Fatal(err)
		}
		if r.Allowed {
			allowed++
		}
	}
	if allowed != 7 {
		t.Errorf("%d uses are allowed without Redis, want 7", allowed)
	}
	if !s.Away() || failed.Load() > 10 || spared.Load() < 90 {
		t.Errorf("away: %v; %d calls failed, %d were spared", s.Away(), failed.Load(), spared.Load())
	}
	server.Restart()
	for range 400 {
		now.Pass(time.Second)
		if _, err := s.Allow(context.Background(), "other", PerSecond(1000)); err != nil {
			t.Fatal(err)
		}
		if !s.Away() {
			return
		}
		<-time.After(5 * time.Millisecond)
	}
	t.Error("it does not come back")
}

// TestLocalIsGCRA compares with a list of all uses: in no window are there more than burst plus what trickled in.
func TestLocalIsGCRA(t *testing.T) {
	rapid.Check(t, func(p *rapid.T) {
		var c clock
		l := NewLocal(0, c.Now)
		rate := Rate{Limit: rapid.IntRange(1, 20).Draw(p, "limit"), Period: time.Minute, Burst: rapid.IntRange(1, 10).Draw(p, "burst")}
		var uses []time.Time
		for range rapid.IntRange(1, 80).Draw(p, "steps") {
			c.Pass(time.Duration(rapid.Int64Range(0, int64(20*time.Second)).Draw(p, "time")))
			r, err := l.Allow(context.Background(), "k", rate)
			if err != nil {
				p.Fatal(err)
			}
			if !r.Allowed {
				if r.RetryAfter <= 0 {
					p.Fatal("refused, and to be tried again at once")
				}
				c.Pass(r.RetryAfter)
				if r, err = l.Allow(context.Background(), "k", rate); err != nil || !r.Allowed {
					p.Fatalf("refused after the wait: %+v, %v", r, err)
				}
			}
			uses = append(uses, c.Now())
			for i := range uses {
				window := uses[len(uses)-1].Sub(uses[i])
				if n := len(uses) - i; n > rate.Burst+int(window/rate.interval()) {
					p.Fatalf("%d uses in %v at %+v", n, window, rate)
				}
			}
		}
	})
}

func TestLocalIsBounded(t *testing.T) {
	var c clock
	l := NewLocal(640, c.Now)
	size := func() (n int) {
		for i := range l.shards {
			n += len(l.shards[i].arrivals)
		}
		return n
	}
	fill := func(prefix string, n int) {
		for i := range n {
			if _, err := l.Allow(context.Background(), fmt.Sprint(prefix, i), PerMinute(1)); err != nil {
				t.Fatal(err)
			}
		}
	}
	fill("a", 10_000)
	if n := size(); n > 640 || n < 600 {
		t.Errorf("%d keys are remembered, want at most 640 and nearly all of them", n)
	}
	c.Pass(time.Hour)
	fill("b", 300)
	if n := size(); n > 450 {
		t.Errorf("%d keys are remembered after the old ones have ended", n)
	}
}

func TestLocalSurvivesAClockThatGoesBack(t *testing.T) {
	var c clock
	l := NewLocal(0, c.Now)
	if _, err := l.Allow(context.Background(), "k", PerMinute(1)); err != nil {
		t.Fatal(err)
	}
	c.Pass(-24 * time.Hour)
	r, err := l.Allow(context.Background(), "k", PerMinute(1))
	if err != nil || r.Allowed || r.RetryAfter > time.Minute {
		t.Errorf("%+v, %v, want a wait of a minute at most", r, err)
	}
}

func BenchmarkLocal(b *testing.B) {
	l := NewLocal(0, time.Now)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := l.Allow(context.Background(), "key", PerSecond(1000)); err != nil {
			b.Fatal(err)
		}
	}
}

func TestWindow(t *testing.T) {
	for _, tc := range []struct {
		rate Rate
		want time.Duration
	}{
		{PerMinute(30), time.Minute},
		{Rate{Limit: 5000, Period: time.Second, Burst: 10000}, 2 * time.Second},
		{Rate{Limit: 20, Period: time.Hour, Burst: 5}, 15 * time.Minute},
	} {
		if got := tc.rate.Window(); got != tc.want {
			t.Errorf("%+v: %s, want %s", tc.rate, got, tc.want)
		}
	}
}
