package console

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
	"pgregory.net/rapid"
)

func TestThrottleWaitsLongerAndLonger(t *testing.T) {
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	var row Throttle
	var waits []time.Duration
	for range 20 {
		next, wait := row.attempt(now, freeByEmail)
		if wait > 0 {
			t.Fatal("held back after the time to wait")
		}
		row = next
		if row.Until.After(now) {
			if _, wait := row.attempt(now, freeByEmail); wait != row.Until.Sub(now) {
				t.Errorf("told to wait %s of %s", wait, row.Until.Sub(now))
			}
			waits = append(waits, row.Until.Sub(now))
			now = row.Until
		}
	}
	if len(waits) != 16 || waits[0] != time.Second || waits[1] != 2*time.Second || waits[15] != longestWait {
		t.Errorf("%v", waits)
	}
	if next, _ := row.attempt(now.Add(2*forgetAfter), freeByEmail); next.Failures != 1 {
		t.Errorf("%d failures after a quiet time", next.Failures)
	}
	if s := row.succeeded(false); s.Failures != 19 || !s.Until.IsZero() {
		t.Errorf("%+v", s)
	}
	if s := row.succeeded(true); s.Failures != 0 {
		t.Errorf("%+v", s)
	}
}

func TestOneSubscriberIsOneAddress(t *testing.T) {
	same := func(a, b string) bool {
		return string(addressKey(netip.MustParseAddr(a))) == string(addressKey(netip.MustParseAddr(b)))
	}
	if !same("2001:db8::1", "2001:db8::ffff") || same("2001:db8::1", "2001:db8:0:1::1") {
		t.Error("an IPv6 network of /64 is one address")
	}
	if !same("192.0.2.1", "::ffff:192.0.2.1") || same("192.0.2.1", "192.0.2.2") {
		t.Error("an IPv4 address is one address, however it is written")
	}
	if string(emailKey("x")) == string(throttleKey("address", "x")) {
		t.Error("a mailbox and an address share a key")
	}
}

func TestASessionEndsIdleAndForGood(t *testing.T) {
	born := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	if got := (Session{CreatedAt: born, SeenAt: born}).ExpiresAt(); got != born.Add(SessionIdle) {
		t.Errorf("idle: %s", got)
	}
	if got := (Session{CreatedAt: born, SeenAt: born.Add(SessionLifetime - time.Hour)}).ExpiresAt(); got != born.Add(SessionLifetime) {
		t.Errorf("for good: %s", got)
	}
}

func TestPasswordsThatAreNotGoodEnough(t *testing.T) {
	bad := []string{"", "short", "elevenchars", strings.Repeat("x", 600), "aaaaaaaaaaaaa", "Somebody@shop.example"}
	for _, p := range bad {
		if f := checkPassword(fault.New(fault.Invalid, ""), "#/password", p, "somebody@shop.example"); len(f.Fields) != 1 {
			t.Errorf("%q: %v", p, f.Fields)
		}
	}
	for _, p := range []string{"correct horse battery", "пароль из слов", oneTimePassword()} {
		if f := checkPassword(fault.New(fault.Invalid, ""), "#/password", p, "x@y.example"); len(f.Fields) != 0 {
			t.Errorf("%q: %v", p, f.Fields)
		}
	}
	if first, second := oneTimePassword(), oneTimePassword(); first == second {
		t.Error("two one-time passwords are the same")
	}
}

func TestPeopleNeedAnAddressAndAName(t *testing.T) {
	for _, email := range []string{"", "ada", "Ada <ada@shop.example>", "a@b@c", "ada@shop.example, bob@shop.example", strings.Repeat("x", 250) + "@y.example"} {
		if f := checkPerson(fault.New(fault.Invalid, ""), email, " "); len(f.Fields) != 2 {
			t.Errorf("%q: %v", email, f.Fields)
		}
	}
	if f := checkPerson(fault.New(fault.Invalid, ""), NormaliseEmail(" Ada@Shop.Example "), "Ada"); len(f.Fields) != 0 {
		t.Errorf("%v", f.Fields)
	}
}

func TestDiffShowsWhatChanged(t *testing.T) {
	type thing struct {
		A int    `json:"a"`
		B string `json:"b,omitempty"`
	}
	for _, c := range []struct {
		before, after any
		want          string
	}{
		{nil, nil, `{}`},
		{nil, thing{1, "x"}, `{"after":{"a":1,"b":"x"}}`},
		{thing{1, "x"}, nil, `{"before":{"a":1,"b":"x"}}`},
		{thing{1, "x"}, thing{2, "x"}, `{"before":{"a":1},"after":{"a":2}}`},
		{thing{1, "x"}, thing{1, ""}, `{"before":{"b":"x"}}`},
		{thing{1, "x"}, thing{1, "x"}, `{}`},
	} {
		got, err := Diff(c.before, c.after)
		if err != nil || string(got) != c.want {
			t.Errorf("%v -> %v: %s, %v", c.before, c.after, got, err)
		}
	}
	if _, err := Diff([]int{1}, nil); err == nil {
		t.Error("a list has no fields")
	}
}

// Whatever the zone and the moment: days follow each other without gaps, each begins at a midnight, and the last one
// holds now.
func TestDaysHaveNoGaps(t *testing.T) {
	zones := []string{"UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Apia", "America/Sao_Paulo", "Australia/Lord_Howe"}
	rapid.Check(t, func(t *rapid.T) {
		zone, err := time.LoadLocation(rapid.SampledFrom(zones).Draw(t, "zone"))
		if err != nil {
			t.Fatal(err)
		}
		now := time.Unix(rapid.Int64Range(1_500_000_000, 1_900_000_000).Draw(t, "now"), 0)
		n := rapid.IntRange(1, MaxOverviewDays).Draw(t, "days")
		days := Days(now, zone, n)
		if len(days) != n || now.Before(days[n-1].From) || !now.Before(days[n-1].To) {
			t.Fatalf("%d days, the last %+v, at %s", len(days), days[n-1], now)
		}
		for i := 1; i < n; i++ {
			if !days[i].From.Equal(days[i-1].To) || days[i].Day <= days[i-1].Day {
				t.Fatalf("%+v does not follow %+v", days[i], days[i-1])
			}
		}
	})
}
