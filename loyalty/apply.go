package loyalty

import (
	"cmp"
	"slices"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
)

// Rules are what Apply works under: the store's program and time zone, and how ids are made.
type Rules struct {
	Program Program
	Zone    *time.Location
	NewID   func(prefix string) string
}

// Command is one change to a member's points: Earn, Clawback, Adjust or Spend.
type Command interface {
	apply(b *books) error
}

// Earn gives points for a purchase.
type Earn struct {
	Points      int64
	Source      Source
	OccurredAt  time.Time
	RuleVersion int64
	Actor       string
}

// Clawback takes back what an earlier Earn with source Of granted. What is pending or left of those lots goes first,
// then other lots, first-expiring first; what cannot be covered becomes debt.
type Clawback struct {
	Points   int64
	Of       Source
	Source   Source
	EarnedAt time.Time
	Actor    string
}

// Adjust gives (positive) or takes (negative) points by hand. Taking more than there is becomes debt.
type Adjust struct {
	Points int64
	Source Source
	Reason string
	Actor  string
}

// Spend uses available points. It never goes below zero.
type Spend struct {
	Points int64
	Source Source
	Actor  string
}

// Faults of Apply.
var (
	ErrPointsInsufficient = fault.New(fault.PointsInsufficient, "The member does not have that many points to spend.")
	ErrPointsOutOfRange   = fault.New(fault.Invalid, "Points must be between 1 and 1000000000000 for one entry, and a member can hold no more.")
)

// Outcome is what Apply decided: the member's next state and the entries that lead there, in order.
type Outcome struct {
	Member  Member
	Entries []Entry
	// Lots that are new or changed, and Days that changed.
	Lots []Lot
	Days map[string]int64
}

// Apply settles a member at now and carries out one command. It is pure: m is not changed. A refused command returns
// an error and no outcome.
func Apply(m Member, r Rules, cmd Command, now time.Time) (Outcome, error) {
	b := open(m, r, now)
	b.settle()
	if err := cmd.apply(b); err != nil {
		return Outcome{}, err
	}
	b.setTier()
	return b.outcome(), nil
}

// Settle posts what time has made due: activations and expiries in time order, then the tier. Reads use it without
// saving.
func Settle(m Member, r Rules, now time.Time) Outcome {
	b := open(m, r, now)
	b.settle()
	b.setTier()
	return b.outcome()
}

// books is one member's state while it is being changed.
type books struct {
	m       Member
	r       Rules
	now     time.Time
	entries []Entry
	touched map[string]bool
	days    map[string]int64
}

func open(m Member, r Rules, now time.Time) *books {
	return &books{m: m.Clone(), r: r, now: now.UTC().Truncate(time.Microsecond), touched: map[string]bool{}, days: map[string]int64{}}
}

func (b *books) outcome() Outcome {
	out := Outcome{Entries: b.entries, Days: b.days}
	open := b.m.Lots[:0:0]
	for _, l := range b.m.Lots {
		if b.touched[l.ID] {
			out.Lots = append(out.Lots, l)
		}
		if l.Remaining > 0 {
			open = append(open, l)
		}
	}
	b.m.Lots = open
	out.Member = b.m
	return out
}

// settle posts due activations and expiries in time order; at the same instant activation comes first.
func (b *books) settle() {
	for {
		next := -1
		for i, l := range b.m.Lots {
			at := l.DueAt()
			if !at.IsZero() && !b.now.Before(at) && (next < 0 || earlier(l, b.m.Lots[next])) {
				next = i
			}
		}
		if next < 0 {
			return
		}
		l := &b.m.Lots[next]
		b.touched[l.ID] = true
		src := Source{Type: "lot", ID: l.ID}
		if l.Pending {
			l.Pending = false
			b.m.Pending -= l.Remaining
			b.m.Available += l.Remaining
			b.post(Entry{Kind: KindActivate, From: AccountPending, To: AccountAvailable, Points: l.Remaining, Source: src,
				Lots: []LotShare{{l.ID, l.Remaining}}, OccurredAt: l.ActivatesAt})
			b.repay(l, src, l.ActivatesAt)
			continue
		}
		gone := l.Remaining
		l.Remaining = 0
		b.m.Available -= gone
		b.post(Entry{Kind: KindExpire, From: AccountAvailable, To: AccountExpired, Points: gone, Source: src,
			Lots: []LotShare{{l.ID, gone}}, OccurredAt: l.ExpiresAt})
	}
}

func earlier(l, than Lot) bool {
	if c := l.DueAt().Compare(than.DueAt()); c != 0 {
		return c < 0
	}
	if l.Pending != than.Pending {
		return l.Pending
	}
	return l.ID < than.ID
}

// post appends an entry and links it to the chain.
func (b *books) post(e Entry) {
	e.Store, e.MemberID = b.m.Store, b.m.ID
	e.ID = b.r.NewID("ent")
	e.Seq = b.m.Seq + 1
	e.OccurredAt = e.OccurredAt.UTC().Truncate(time.Microsecond)
	// Recorded times never go back, whatever the clocks of the replicas say.
	e.RecordedAt = b.now
	if b.m.LastRecordedAt.After(e.RecordedAt) {
		e.RecordedAt = b.m.LastRecordedAt
	}
	e.PrevHash = b.m.Head
	e.Commitment = e.Commit(b.m.Salt)
	e.Hash = e.Digest()
	b.m.Seq, b.m.Head, b.m.LastRecordedAt = e.Seq, e.Hash, e.RecordedAt
	if b.m.CreatedAt.IsZero() {
		b.m.CreatedAt = e.RecordedAt
	}
	b.entries = append(b.entries, e)
}

// grant opens a lot and posts its entry; an open debt is repaid from it at once.
func (b *books) grant(e Entry) error {
	if e.Points < 1 || e.Points > maxPoints || b.m.Available+b.m.Pending > maxPoints {
		return ErrPointsOutOfRange
	}
	l := Lot{ID: b.r.NewID("lot"), SourceType: e.Source.Type, SourceID: e.Source.ID, Line: e.Source.Line,
		Granted: e.Points, Remaining: e.Points, ActivatesAt: b.now}
	if e.Kind == KindEarn && b.r.Program.PendingDays > 0 {
		l.ActivatesAt = addDays(e.OccurredAt, b.r.Program.PendingDays, b.r.Zone)
		l.Pending = b.now.Before(l.ActivatesAt)
	}
	if b.r.Program.ExpiresAfterDays > 0 {
		l.ExpiresAt = addDays(l.ActivatesAt, b.r.Program.ExpiresAfterDays, b.r.Zone)
	}
	e.From, e.To = AccountProgram, AccountAvailable
	if l.Pending {
		e.To = AccountPending
		b.m.Pending += e.Points
	} else {
		b.m.Available += e.Points
	}
	e.Lots = []LotShare{{l.ID, e.Points}}
	b.post(e)
	b.m.Lots = append(b.m.Lots, l)
	b.touched[l.ID] = true
	if !l.Pending {
		b.repay(&b.m.Lots[len(b.m.Lots)-1], e.Source, e.OccurredAt)
		b.settle() // points granted for an occasion long past may have expired already
	}
	return nil
}

func (b *books) repay(l *Lot, src Source, at time.Time) {
	n := min(b.m.Debt, l.Remaining)
	if n == 0 {
		return
	}
	l.Remaining -= n
	b.m.Available -= n
	b.m.Debt -= n
	b.post(Entry{Kind: KindRepay, From: AccountAvailable, To: AccountDebt, Points: n, Source: src, Lots: []LotShare{{l.ID, n}}, OccurredAt: at})
}

func (c Earn) apply(b *books) error {
	if err := b.grant(Entry{Kind: KindEarn, Points: c.Points, Source: c.Source, OccurredAt: c.OccurredAt, RuleVersion: c.RuleVersion, Actor: c.Actor}); err != nil {
		return err
	}
	b.qualify(c.OccurredAt, c.Points)
	return nil
}

func (c Clawback) apply(b *books) error {
	if c.Points < 1 || c.Points > maxPoints {
		return ErrPointsOutOfRange
	}
	left := b.take(c.Points, KindClawback, AccountProgram, c.Source, c.Actor, "", b.ofSource(c.Of))
	b.owe(left, c.Source, c.Actor, "")
	b.qualify(c.EarnedAt, -c.Points)
	return nil
}

func (c Adjust) apply(b *books) error {
	if c.Points > 0 {
		return b.grant(Entry{Kind: KindAdjust, Points: c.Points, Source: c.Source, OccurredAt: b.now, Reason: c.Reason, Actor: c.Actor})
	}
	if c.Points == 0 || -c.Points > maxPoints {
		return ErrPointsOutOfRange
	}
	left := b.take(-c.Points, KindAdjust, AccountProgram, c.Source, c.Actor, c.Reason, nil)
	b.owe(left, c.Source, c.Actor, c.Reason)
	return nil
}

func (c Spend) apply(b *books) error {
	if c.Points < 1 || c.Points > maxPoints {
		return ErrPointsOutOfRange
	}
	if b.m.Available < c.Points {
		return ErrPointsInsufficient
	}
	b.take(c.Points, KindSpend, AccountRedeemed, c.Source, c.Actor, "", nil)
	return nil
}

// ofSource prefers the lots of one grant.
func (b *books) ofSource(s Source) func(Lot) bool {
	return func(l Lot) bool { return l.SourceType == s.Type && l.SourceID == s.ID && l.Line == s.Line }
}

// take moves up to points out of the member's lots and returns what could not be covered. Preferred lots come first,
// pending ones of them included; then active lots, first-expiring first. Nobody else's pending points are touched.
func (b *books) take(points int64, kind Kind, to Account, src Source, actor, reason string, prefer func(Lot) bool) int64 {
	order := make([]int, 0, len(b.m.Lots))
	for i, l := range b.m.Lots {
		if l.Remaining > 0 && (!l.Pending || prefer != nil && prefer(l)) {
			order = append(order, i)
		}
	}
	slices.SortFunc(order, func(i, j int) int { return b.before(i, j, prefer) })
	parts := map[Account]*Entry{}
	for _, i := range order {
		l := &b.m.Lots[i]
		n := min(points, l.Remaining)
		if n == 0 {
			break
		}
		from := AccountAvailable
		if l.Pending {
			from = AccountPending
			b.m.Pending -= n
		} else {
			b.m.Available -= n
		}
		l.Remaining -= n
		points -= n
		b.touched[l.ID] = true
		if parts[from] == nil {
			parts[from] = &Entry{Kind: kind, From: from, To: to, Source: src, OccurredAt: b.now, Reason: reason, Actor: actor}
		}
		parts[from].Points += n
		parts[from].Lots = append(parts[from].Lots, LotShare{l.ID, n})
	}
	if e := parts[AccountPending]; e != nil {
		// Only a clawback reaches for pending points. The kind tells the two entries of one source apart.
		e.Kind = KindClawbackPending
		b.post(*e)
	}
	if e := parts[AccountAvailable]; e != nil {
		b.post(*e)
	}
	return points
}

func (b *books) before(i, j int, prefer func(Lot) bool) int {
	x, y := b.m.Lots[i], b.m.Lots[j]
	if prefer != nil && prefer(x) != prefer(y) {
		if prefer(x) {
			return -1
		}
		return 1
	}
	if x.Pending != y.Pending {
		if x.Pending {
			return -1
		}
		return 1
	}
	if x.ExpiresAt.IsZero() != y.ExpiresAt.IsZero() {
		if y.ExpiresAt.IsZero() {
			return -1
		}
		return 1
	}
	return cmp.Or(x.ExpiresAt.Compare(y.ExpiresAt), cmp.Compare(x.ID, y.ID))
}

// owe records what could not be taken.
func (b *books) owe(points int64, src Source, actor, reason string) {
	if points == 0 {
		return
	}
	b.m.Debt += points
	b.post(Entry{Kind: KindDebt, From: AccountDebt, To: AccountProgram, Points: points, Source: src, OccurredAt: b.now, Actor: actor, Reason: reason})
}

// qualify counts points toward the tier, on the day they were earned.
func (b *books) qualify(at time.Time, points int64) {
	day := at.In(b.r.Zone).Format(time.DateOnly)
	if b.m.Days == nil {
		b.m.Days = map[string]int64{}
	}
	b.m.Days[day] += points
	b.days[day] = b.m.Days[day]
}

func (b *books) setTier() {
	t := b.r.Program.tierFor(b.m.Qualifying(b.r, b.now))
	if t.ID != b.m.TierID {
		b.m.TierID, b.m.TierSince = t.ID, b.now
	}
}

// Qualifying returns the points that count for the member's tier at now.
func (m Member) Qualifying(r Rules, now time.Time) int64 {
	start := r.Program.Window.windowStart(now, r.Zone)
	var sum int64
	for day, points := range m.Days {
		if day >= start {
			sum += points
		}
	}
	return sum
}

// addDays adds calendar days in a time zone, so that a day with a clock change is still one day.
func addDays(t time.Time, days int64, zone *time.Location) time.Time {
	return t.In(zone).AddDate(0, 0, int(days)).UTC()
}
