package api

import (
	"context"
	"errors"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/internal/ratelimit"
)

func TestReadiness(t *testing.T) {
	good := func(context.Context) error { return nil }
	bad := func(context.Context) error { return errors.New("dial 10.0.0.1: refused") }
	for name, tc := range map[string]struct {
		database, redis func(context.Context) error
		status          int
		want            string
	}{
		"all well":      {good, good, 200, `"status":"ready"`},
		"redis gone":    {good, bad, 200, `"status":"degraded"`},
		"database gone": {bad, good, 503, `"status":"unavailable"`},
		"both gone":     {bad, bad, 503, `"status":"unavailable"`},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t, func(d *Deps) {
				d.Checks = []Check{{Name: "database", Run: tc.database}, {Name: "redis", Run: tc.redis, Optional: true}}
			})
			rec := h.ask(http.MethodGet, "/readyz", "")
			if rec.Code != tc.status || !strings.Contains(rec.Body.String(), tc.want) || strings.Contains(rec.Body.String(), "10.0.0.1") {
				t.Errorf("%d %s", rec.Code, rec.Body)
			}
			if alive := h.ask(http.MethodGet, "/healthz", ""); alive.Code != 200 {
				t.Errorf("not alive: %d", alive.Code)
			}
		})
	}
}

func TestJWKS(t *testing.T) {
	h := newHarness(t)
	rec := h.ask(http.MethodGet, "/.well-known/jwks.json", "")
	tag := rec.Header().Get("ETag")
	if rec.Code != 200 || rec.Body.String() != `{"keys":[]}` || !strings.Contains(rec.Header().Get("Cache-Control"), "max-age") || rec.Header().Get("Access-Control-Allow-Origin") != "*" {
		t.Fatalf("%d %v %s", rec.Code, rec.Header(), rec.Body)
	}
	if again := h.ask(http.MethodGet, "/.well-known/jwks.json", "", "If-None-Match: "+tag); again.Code != http.StatusNotModified || again.Body.Len() != 0 {
		t.Errorf("with its ETag: %d", again.Code)
	}
}

// countingLimiter allows a number of uses of each key.
type countingLimiter struct {
	used map[string]int
	err  error
}

func (l *countingLimiter) Allow(_ context.Context, key string, rate ratelimit.Rate) (ratelimit.Result, error) {
	l.used[key]++
	left := rate.Limit - l.used[key]
	if left < 0 {
		return ratelimit.Result{Limit: rate.Limit, RetryAfter: 1500 * time.Millisecond, ResetAfter: time.Minute}, l.err
	}
	return ratelimit.Result{Allowed: true, Limit: rate.Limit, Remaining: left, ResetAfter: time.Second}, l.err
}

func (l *countingLimiter) Peek(_ context.Context, key string, rate ratelimit.Rate) (ratelimit.Result, error) {
	left := max(0, rate.Limit-l.used[key])
	return ratelimit.Result{Allowed: left > 0, Limit: rate.Limit, Remaining: left}, l.err
}

func TestRateLimits(t *testing.T) {
	limiter := &countingLimiter{used: map[string]int{}}
	h := newHarness(t, func(d *Deps) {
		d.Limits = Limits{Limiter: limiter, Credential: ratelimit.PerMinute(2), Address: ratelimit.PerMinute(3), Failures: ratelimit.PerMinute(1)}
	})
	registerWho(h.API)
	ask := func(key string) (int, http.Header) {
		rec := h.ask(http.MethodGet, map[bool]string{true: "/v1/secret", false: "/v1/public"}[strings.HasPrefix(key, "sk")], "", "Authorization: Bearer "+key)
		return rec.Code, rec.Header()
	}
	for i, want := range []int{200, 200, 429} {
		status, header := ask("sk_test_a")
		if status != want || header.Get("RateLimit-Policy") != `"credential";q=2;w=60` {
			t.Errorf("request %d: %d, %v", i, status, header)
		}
		if left := []string{`"credential";r=1;t=1`, `"credential";r=0;t=1`, `"credential";r=0;t=60`}[i]; header.Get("RateLimit") != left {
			t.Errorf("request %d: RateLimit is %q, want %q", i, header.Get("RateLimit"), left)
		}
		if want == 429 && header.Get("Retry-After") != "2" {
			t.Errorf("refused with %v", header)
		}
	}
	if status, _ := ask("sk_test_b"); status != 200 {
		t.Errorf("another key: %d", status)
	}
	// All shoppers of a store share its publishable key: the address counts.
	for i, want := range []int{200, 200, 200, 429} {
		if status, _ := ask("pk_test_a"); status != want {
			t.Errorf("shopper's request %d: %d", i, status)
		}
	}
	for i, want := range []int{401, 429} {
		if status, _ := ask("sk_test_z"); status != want {
			t.Errorf("guess %d: %d", i, status)
		}
	}
	for range 10 {
		if rec := h.ask(http.MethodGet, "/healthz", ""); rec.Code != 200 {
			t.Errorf("health: %d", rec.Code)
		}
	}
	for key := range limiter.used {
		if strings.Contains(key, "192.0.2.1") {
			t.Errorf("a key names an address: %s", key)
		}
	}
}

func TestTrustedProxies(t *testing.T) {
	for name, tc := range map[string]struct {
		proxies []netip.Prefix
		want    string
	}{
		"nobody is believed":    {nil, "192.0.2.1"},
		"a proxy is believed":   {[]netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}, "203.0.113.9"},
		"another is not":        {[]netip.Prefix{netip.MustParsePrefix("198.51.100.0/24")}, "192.0.2.1"},
		"a proxy before it too": {[]netip.Prefix{netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("203.0.113.0/24")}, "1.1.1.1"},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t, func(d *Deps) { d.TrustedProxies = tc.proxies })
			r := newRequest(http.MethodGet, "/healthz")
			r.Header.Set("X-Forwarded-For", "1.1.1.1, 203.0.113.9")
			if got := h.echo.NewContext(r, nil).RealIP(); got != tc.want {
				t.Errorf("address %s, want %s", got, tc.want)
			}
		})
	}
}
