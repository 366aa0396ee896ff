package loyalty_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/loyalty"
	"pgregory.net/rapid"
)

var birth = time.Date(2026, 1, 15, 10, 0, 0, 0, time.UTC)

// book plays commands on one member and keeps all entries.
type book struct {
	t       testing.TB
	rules   loyalty.Rules
	member  loyalty.Member
	entries []loyalty.Entry
	now     time.Time
	ids     int
}

func newBook(t testing.TB, p loyalty.Program) *book {
	b := &book{t: t, now: birth}
	if p.Window.Type == "" {
		p.Window = loyalty.Window{Type: loyalty.Rolling, Days: 365}
	}
	if p.Tiers == nil {
		p.Tiers = []loyalty.Tier{{ID: "bronze", Name: "Bronze"}, {ID: "silver", Name: "Silver", Threshold: 100}, {ID: "gold", Name: "Gold", Threshold: 500}}
	}
	b.rules = loyalty.Rules{Program: p, Zone: time.UTC, NewID: func(prefix string) string {
		b.ids++
		return fmt.Sprintf("%s_%06d", prefix, b.ids)
	}}
	b.member = loyalty.Member{Store: "sto", Customer: "c", ID: "mem", Salt: []byte("salt")}
	return b
}

func (b *book) after(d time.Duration) *book { b.now = b.now.Add(d); return b }

func (b *book) try(cmd loyalty.Command) error {
	out, err := loyalty.Apply(b.member, b.rules, cmd, b.now)
	if err == nil {
		b.member = out.Member
		b.entries = append(b.entries, out.Entries...)
	}
	return err
}

func (b *book) do(cmd loyalty.Command) *book {
	b.t.Helper()
	if err := b.try(cmd); err != nil {
		b.t.Fatalf("%T: %v", cmd, err)
	}
	return b
}

func (b *book) earn(points int64, source string) *book {
	b.t.Helper()
	return b.do(loyalty.Earn{Points: points, Source: loyalty.Source{Type: "order", ID: source}, OccurredAt: b.now})
}

func (b *book) spend(points int64) *book {
	b.t.Helper()
	b.ids++
	return b.do(loyalty.Spend{Points: points, Source: loyalty.Source{Type: "reward", ID: fmt.Sprint(b.ids)}})
}

func (b *book) clawback(points int64, of string) *book {
	b.t.Helper()
	b.ids++
	return b.do(loyalty.Clawback{Points: points, Of: loyalty.Source{Type: "order", ID: of}, Source: loyalty.Source{Type: "refund", ID: of, Line: fmt.Sprint(b.ids)}, EarnedAt: b.now})
}

// want checks the balances as they are at read time, whether or not a job ran.
func (b *book) want(available, pending, debt int64) *book {
	b.t.Helper()
	s := b.member.Standing(b.rules, b.now)
	if s.Available != available || s.Pending != pending || s.Debt != debt {
		b.t.Fatalf("available %d, pending %d, debt %d; want %d, %d, %d", s.Available, s.Pending, s.Debt, available, pending, debt)
	}
	b.sound()
	return b
}

// sound checks what must hold of every ledger at every instant.
func (b *book) sound() {
	b.t.Helper()
	if err := loyalty.VerifyChain(b.member.Salt, b.entries); err != nil {
		b.t.Fatal(err)
	}
	sums := loyalty.Balances(b.entries)
	var total int64
	for _, v := range sums {
		total += v
	}
	if total != 0 {
		b.t.Fatalf("the books sum to %d", total)
	}
	var active, pending int64
	for _, l := range b.member.Lots {
		if l.Pending {
			pending += l.Remaining
		} else {
			active += l.Remaining
		}
	}
	m := b.member
	if sums[loyalty.AccountAvailable] != m.Available || sums[loyalty.AccountPending] != m.Pending || -sums[loyalty.AccountDebt] != m.Debt ||
		active != m.Available || pending != m.Pending {
		b.t.Fatalf("member %d/%d/%d, entries %v, lots %d/%d", m.Available, m.Pending, m.Debt, sums, active, pending)
	}
}

const day = 24 * time.Hour

func TestEarnSpendEarnExpire(t *testing.T) { // case 1
	b := newBook(t, loyalty.Program{ExpiresAfterDays: 30}).earn(100, "a").spend(80).after(10*day).earn(50, "b").want(70, 0, 0)
	b.after(20*day).want(50, 0, 0)
}

func TestTheLotThatExpiresFirstIsSpentFirst(t *testing.T) { // case 2
	b := newBook(t, loyalty.Program{ExpiresAfterDays: 330}).earn(100, "december")
	b.rules.Program.ExpiresAfterDays = 45
	b.earn(100, "march").after(20 * day).spend(100)
	b.after(60*day).want(100, 0, 0)
	if len(b.member.Lots) != 1 || b.member.Lots[0].SourceID != "december" {
		t.Fatalf("left is %+v, want the lot of December", b.member.Lots)
	}
}

func TestDebtIsRecordedInFullAndRepaidFirst(t *testing.T) { // case 3
	newBook(t, loyalty.Program{}).earn(100, "a").spend(80).clawback(100, "a").want(0, 0, 80).earn(50, "b").want(0, 0, 30).earn(50, "c").want(20, 0, 0)
}

func TestExpiryHoldsAtReadTime(t *testing.T) { // case 5
	b := newBook(t, loyalty.Program{ExpiresAfterDays: 1}).earn(10, "a").after(day-time.Microsecond).want(10, 0, 0)
	b.after(time.Microsecond).want(0, 0, 0)
	if err := b.try(loyalty.Spend{Points: 1, Source: loyalty.Source{Type: "reward", ID: "r"}}); !errors.Is(err, loyalty.ErrPointsInsufficient) {
		t.Fatalf("expired points were spent: %v", err)
	}
}

func TestPendingClockStartsAtActivation(t *testing.T) { // case 7
	b := newBook(t, loyalty.Program{PendingDays: 14, ExpiresAfterDays: 30}).earn(100, "a").want(0, 100, 0)
	b.after(13*day).earn(40, "b").want(0, 140, 0)
	b.after(day).want(100, 40, 0)
	b.clawback(40, "b").want(100, 0, 0) // that order's pending first
	b.after(29*day).want(100, 0, 0).after(day).want(0, 0, 0)
}

func TestTurningExpiryOnIsNotRetroactive(t *testing.T) { // case 12
	b := newBook(t, loyalty.Program{}).earn(100, "a")
	b.rules.Program.ExpiresAfterDays = 1
	b.after(1000*day).want(100, 0, 0)
}

func TestActivationComesBeforeExpiry(t *testing.T) { // case 13
	b := newBook(t, loyalty.Program{PendingDays: 10, ExpiresAfterDays: 5}).earn(10, "a").after(30*day).want(0, 0, 0)
	b.earn(1, "b")
	kinds := []loyalty.Kind{}
	for _, e := range b.entries {
		kinds = append(kinds, e.Kind)
	}
	if fmt.Sprint(kinds) != "[earn activate expire earn]" {
		t.Fatalf("entries %v", kinds)
	}
	b.sound()
}

func TestErasingTheSaltLeavesAChainThatVerifies(t *testing.T) { // case 14
	b := newBook(t, loyalty.Program{}).earn(10, "a").spend(3).clawback(10, "a")
	if err := loyalty.VerifyChain(nil, b.entries); err != nil {
		t.Fatal(err)
	}
	forged := append([]loyalty.Entry(nil), b.entries...)
	forged[1].Points++
	if err := loyalty.VerifyChain(nil, forged); err == nil {
		t.Fatal("a changed entry verifies")
	}
	forged = append([]loyalty.Entry(nil), b.entries...)
	forged[0].Source.ID = "z"
	if err := loyalty.VerifyChain(b.member.Salt, forged); err == nil {
		t.Fatal("a changed source verifies")
	}
	if err := loyalty.VerifyChain(nil, b.entries[1:]); err == nil {
		t.Fatal("a missing entry is not noticed")
	}
}

func TestTiersFollowTheWindow(t *testing.T) {
	b := newBook(t, loyalty.Program{Window: loyalty.Window{Type: loyalty.Rolling, Days: 30}}).earn(99, "a")
	tier := func() string { return b.member.Standing(b.rules, b.now).Tier.ID }
	if tier() != "bronze" {
		t.Fatal(tier())
	}
	if s := b.member.Standing(b.rules, b.now); s.Next == nil || s.Next.ID != "silver" || s.Missing != 1 {
		t.Fatalf("next %+v, %d missing", s.Next, s.Missing)
	}
	b.after(10*day).earn(1, "b")
	if tier() != "silver" {
		t.Fatal(tier())
	}
	b.spend(100) // spending never lowers what qualifies
	if tier() != "silver" {
		t.Fatal(tier())
	}
	b.after(20 * day) // the first order has left the window
	if tier() != "bronze" {
		t.Fatal(tier())
	}
}

func TestADayWithAClockChangeIsOneDay(t *testing.T) {
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	b := newBook(t, loyalty.Program{ExpiresAfterDays: 1})
	b.rules.Zone = zone
	b.now = time.Date(2026, 3, 7, 12, 0, 0, 0, zone) // the night after has 23 hours
	b.earn(10, "a")
	b.now = time.Date(2026, 3, 8, 11, 59, 59, 0, zone)
	b.want(10, 0, 0)
	b.now = time.Date(2026, 3, 8, 12, 0, 0, 0, zone)
	b.want(0, 0, 0)
}

func TestRecordedTimesNeverGoBack(t *testing.T) {
	b := newBook(t, loyalty.Program{}).earn(1, "a").after(-time.Hour).earn(1, "b")
	if b.entries[1].RecordedAt.Before(b.entries[0].RecordedAt) {
		t.Fatal("recorded before the entry before")
	}
	b.sound()
}

func TestARefusedCommandChangesNothing(t *testing.T) {
	b := newBook(t, loyalty.Program{}).earn(10, "a")
	before := fmt.Sprintf("%+v", b.member)
	for _, cmd := range []loyalty.Command{
		loyalty.Spend{Points: 11, Source: loyalty.Source{Type: "r", ID: "1"}}, loyalty.Spend{Points: 0}, loyalty.Earn{Points: 0}, loyalty.Earn{Points: -1},
		loyalty.Earn{Points: 1 << 62}, loyalty.Clawback{Points: 0}, loyalty.Adjust{}, loyalty.Adjust{Points: -1 << 62},
	} {
		if err := b.try(cmd); err == nil {
			t.Errorf("%#v passes", cmd)
		}
	}
	if after := fmt.Sprintf("%+v", b.member); after != before {
		t.Errorf("%s became %s", before, after)
	}
}

func TestBooksHoldForAnyHistory(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		b := newBook(t, loyalty.Program{
			PendingDays: rapid.Int64Range(0, 20).Draw(rt, "pending"), ExpiresAfterDays: rapid.Int64Range(0, 60).Draw(rt, "expiry")})
		for i := range rapid.IntRange(1, 30).Draw(rt, "commands") {
			b.after(time.Duration(rapid.Int64Range(0, int64(20*day)).Draw(rt, "wait")))
			points := rapid.Int64Range(1, 500).Draw(rt, "points")
			src := loyalty.Source{Type: "x", ID: fmt.Sprint(i)}
			var cmd loyalty.Command
			switch rapid.IntRange(0, 3).Draw(rt, "kind") {
			case 0:
				cmd = loyalty.Earn{Points: points, Source: loyalty.Source{Type: "order", ID: fmt.Sprint(i)}, OccurredAt: b.now}
			case 1:
				cmd = loyalty.Spend{Points: points, Source: src}
			case 2:
				cmd = loyalty.Clawback{Points: points, Of: loyalty.Source{Type: "order", ID: fmt.Sprint(i / 2)}, Source: src, EarnedAt: b.now}
			default:
				cmd = loyalty.Adjust{Points: points - 250, Source: src, Reason: "r"}
			}
			before := b.member.Clone()
			if err := b.try(cmd); err != nil {
				if fmt.Sprint(before) != fmt.Sprint(b.member) {
					rt.Fatalf("refused, and changed something: %v", err)
				}
			}
			b.sound()
		}
	})
}
