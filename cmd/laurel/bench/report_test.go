package bench

import (
	"strings"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/cmd/laurel/bench/load"
)

func found(perSecond int, p50, p99 time.Duration) load.Result {
	return load.Result{Requests: 5 * perSecond, Window: 5 * time.Second, P50: p50, P99: p99}
}

func sample() Figures {
	var f Figures
	f.add(l, found(7280, 4*time.Millisecond, 9*time.Millisecond))
	f.add(lLone, found(2000, 500*time.Microsecond, time.Millisecond))
	f.add(Key{credit, some}, found(8736, 3*time.Millisecond, 9*time.Millisecond))
	f.add(Key{credit, lots}, found(14560, 16*time.Millisecond, 120*time.Millisecond))
	f.add(Key{credit, lone}, found(900, 1100*time.Microsecond, 2*time.Millisecond))
	short := found(5000, 6*time.Millisecond, 10*time.Millisecond)
	short.Window = 2 * time.Second
	f.add(Key{redeem, some}, short)
	f.Resident, f.Ready = 59<<20, 1200*time.Millisecond
	return f
}

func verdict(t *testing.T, f Figures, what, against string) Verdict {
	t.Helper()
	for _, v := range Judge(f) {
		if v.What == what && strings.HasPrefix(v.Against, against) {
			return v
		}
	}
	t.Fatalf("no verdict on %q against %q", what, against)
	return Verdict{}
}

func TestJudge(t *testing.T) {
	f := sample()
	for _, c := range []struct{ what, value, met string }{
		{"credit, 10,000 members, 32 connections", "1.20 x", yes},
		{"credit, 10,000 members, 256 connections", "2.00 x", no},
		{"credit, 10,000 members, 32 connections: p99", "1.00 x", yes},
		{"redeem of holds, 64 offers, 32 connections: p99", "1.11 x", no},
		{"credit, 10,000 members, alone: median", "2.20 x (1.10 ms)", yes},
		{"evaluate, 10 lines, 3 offers, 32 connections", "", notMeasured},
		{"idle gateway, resident memory", "59.0 MiB", yes},
		{"gateway, from start to ready", "1200 ms", no},
	} {
		if v := verdict(t, f, c.what, ""); v.Value != c.value || v.Met != c.met {
			t.Errorf("%s: %+v", c.what, v)
		}
	}
	// On a faster disk the gateway's own work does not shrink; on a slower one a request may take longer.
	for _, c := range []struct {
		pg, gateway time.Duration
		met         string
	}{
		{100, 1100, yes}, {100, 1300, no}, {500, 1300, no}, {1000, 2300, yes}, {1000, 2500, no},
	} {
		var f Figures
		f.add(lLone, found(1, c.pg*time.Microsecond, 0))
		f.add(Key{credit, lone}, found(1, c.gateway*time.Microsecond, 0))
		if v := verdict(t, f, "credit, 10,000 members, alone: median", ""); v.Met != c.met {
			t.Errorf("%d against %d: %+v", c.gateway, c.pg, v)
		}
	}
	for _, v := range Judge(Figures{}) {
		if v.Met != notMeasured || v.Value != "" || v.Bound == "" {
			t.Errorf("of nothing: %+v", v)
		}
	}
}

func TestEveryTargetIsMeasured(t *testing.T) {
	b := &bench{}
	measured := map[Key]bool{}
	for _, s := range b.steps() {
		measured[s.key] = true
	}
	for _, target := range Targets {
		if !measured[target.Of] || !measured[target.Against] {
			t.Errorf("%s against %s: not both are measured", target.Of, target.Against)
		}
	}
}

func TestMeasuredTwiceIsOneFigure(t *testing.T) {
	var f Figures
	f.add(l, found(1000, 2*time.Millisecond, 8*time.Millisecond))
	second := found(3000, 4*time.Millisecond, 6*time.Millisecond)
	second.Failures, second.FirstFailure = 2, "refused"
	f.add(l, second)
	got := f.Found[l]
	want := load.Result{Requests: 20_000, Window: 10 * time.Second, P50: 3 * time.Millisecond, P99: 8 * time.Millisecond, Failures: 2, FirstFailure: "refused"}
	if got != want || got.PerSecond() != 2000 || len(f.Order) != 1 || f.Failures() != 2 {
		t.Errorf("%+v, %v", got, f.Order)
	}
}

func TestTable(t *testing.T) {
	got := table([]string{"what", "n:"}, [][]string{{"größer", "1"}, {"b", "1,234"}})
	want := "" +
		"| what   |     n |\n" +
		"|--------|------:|\n" +
		"| größer |     1 |\n" +
		"| b      | 1,234 |\n"
	if got != want {
		t.Errorf("\n%s\nwant\n%s", got, want)
	}
}

func TestNumbers(t *testing.T) {
	for v, want := range map[float64]string{0: "0", 999.4: "999", 999.5: "1,000", 84_500: "84,500", 1_234_567: "1,234,567"} {
		if got := grouped(v); got != want {
			t.Errorf("%v: %s, want %s", v, got, want)
		}
	}
	for v, want := range map[time.Duration]string{0: "0.00 ms", 1234 * time.Microsecond: "1.23 ms", 12345 * time.Microsecond: "12.3 ms", 2 * time.Second: "2000 ms"} {
		if got := shown(v); got != want {
			t.Errorf("%v: %s, want %s", v, got, want)
		}
	}
}

func TestDocument(t *testing.T) {
	r := Report{Figures: sample(), Duration: 5 * time.Second, Warmup: time.Second, Machine: Machine{
		Cores: 2, CPU: "Sample CPU", System: "linux/amd64", Go: "go1.26", PostgreSQL: "15.18, fsync on, synchronous_commit on",
		Date: time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)}}
	var b strings.Builder
	if err := r.Document(&b); err != nil {
		t.Fatal(err)
	}
	page := b.String()
	for _, part := range []string{
		"21 November 2026, 12:00 UTC", "`make bench`", "| cores      | 2 ", "Sample CPU", "fsync on", "none on this machine",
		"Each measurement takes 5s after a warm-up of 1s.", "`cmd/laurel/bench/load`", "8,736", "1.20 x", "**no**", "not measured",
		"redeem of holds, 64 offers [1]", "[1] What was made beforehand ran out",
	} {
		if !strings.Contains(page, part) {
			t.Errorf("the page lacks %q", part)
		}
	}
	var tables strings.Builder
	if err := r.Tables(&tables); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(tables.String()) {
		if !strings.Contains(page, line) {
			t.Errorf("the page lacks a line of the tables: %s", line)
		}
	}
}
