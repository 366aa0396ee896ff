package database_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/internal/console"
	"github.com/laurel-gateway/laurel/internal/database"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/internal/outbox"
	"github.com/laurel-gateway/laurel/internal/testdb"
	"github.com/laurel-gateway/laurel/internal/webhook"
)

// hands is a clock that a test moves.
type hands struct {
	mu sync.Mutex
	at time.Time
}

func (h *hands) now() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.at
}

func (h *hands) move(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.at = h.at.Add(d)
}

// clocked runs a test on both databases, with a post whose clock the test moves.
func clocked(t *testing.T, test func(t *testing.T, p *post, h *hands)) {
	for name, url := range map[string]func(testing.TB) string{"sqlite": testdb.SQLiteURL, "postgres": testdb.PostgresURL} {
		t.Run(name, func(t *testing.T) {
			h := &hands{at: time.Now().UTC().Truncate(time.Microsecond)}
			db, err := database.Open(t.Context(), database.Config{URL: url(t)}, database.WithClock(h.now))
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() {
				if err := db.Close(); err != nil {
					t.Error(err)
				}
			})
			test(t, newPost(t, db), h)
		})
	}
}

// answers sends what is due for a while, a minute of the clock at a time, and returns the messages in the order in which
// they were tried.
func (p *post) answers(h *hands, long time.Duration, random float64, answer func(outbox.Delivery) outbox.Outcome) (tried []string) {
	p.t.Helper()
	var mu sync.Mutex
	relay := outbox.NewRelay(outbox.Config{Storage: p.outbox, Logger: slog.New(slog.DiscardHandler), Random: func() float64 { return random },
		Sender: sendFunc(func(_ context.Context, d outbox.Delivery) outbox.Outcome {
			mu.Lock()
			defer mu.Unlock()
			tried = append(tried, d.Ordering+" "+d.EventType)
			return answer(d)
		})})
	for until := h.now().Add(long); h.now().Before(until); h.move(10 * time.Minute) {
		for {
			n, err := relay.RunOnce(p.t.Context())
			if err != nil {
				p.t.Fatal(err)
			}
			if n == 0 {
				break
			}
		}
	}
	return tried
}

type sendFunc func(context.Context, outbox.Delivery) outbox.Outcome

func (f sendFunc) Send(ctx context.Context, d outbox.Delivery) outbox.Outcome { return f(ctx, d) }

// A head that fails for three days is given up; its followers, which waited all the time, go out in order then.
func TestAMessageIsTriedForThreeDaysWhileItsFollowersWait(t *testing.T) {
	clocked(t, func(t *testing.T, p *post, h *hands) {
		p.happen("c-1", "offer_token.issued", "redemption.created", "redemption.refunded")
		p.happen("c-2", "redemption.created")
		began, last := h.now(), time.Time{}
		tried := p.answers(h, 6*24*time.Hour, 0.5, func(d outbox.Delivery) outbox.Outcome {
			if d.EventType == "offer_token.issued" {
				last = h.now()
				return outbox.Outcome{Status: 503, Error: "the endpoint answered 503"}
			}
			return arrived
		})
		heads := slices.Index(tried, "c-1 redemption.created")
		want := append(slices.Repeat([]string{"c-1 offer_token.issued"}, outbox.MaxAttempts), "c-2 redemption.created", "c-1 redemption.created", "c-1 redemption.refunded")
		got := slices.Clone(tried)
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) || heads != len(tried)-2 || slices.Index(tried, "c-2 redemption.created") > 1 {
			t.Errorf("tried %v", tried)
		}
		if took := last.Sub(began); took < 70*time.Hour || took > 76*time.Hour {
			t.Errorf("given up after %v", took)
		}
		list, err := p.Deliveries(t.Context(), p.store, p.endpoint, console.DeliveryFilter{State: outbox.Failed}, "", 10)
		if err != nil || len(list) != 1 {
			t.Fatalf("%+v, %v", list, err)
		}
		d, err := p.Delivery(t.Context(), p.store, list[0].ID)
		if err != nil || len(d.Tries) != outbox.MaxAttempts || d.Tries[0].Status != 503 || d.Tries[0].Error == "" || !d.Tries[0].At.After(d.Tries[1].At) {
			t.Errorf("%+v, %v", d, err)
		}
	})
}

// letters counts the mails that were queued, and can refuse.
type letters struct {
	sent []string
	err  error
}

func (l *letters) EndpointDisabled(_ context.Context, _ *sql.Tx, store, endpoint string) error {
	if l.err == nil {
		l.sent = append(l.sent, store+" "+endpoint)
	}
	return l.err
}

func TestAnEndpointThatFailsForDaysIsDisabledAndItsStoreTold(t *testing.T) {
	clocked(t, func(t *testing.T, p *post, h *hands) {
		ctx, l := t.Context(), &letters{}
		p.outbox = p.outbox.Telling(l)
		other := p.add(webhook.Endpoint{URL: "https://shop.example/other", Events: []string{webhook.DisabledEvent}})
		down := func(d outbox.Delivery) outbox.Outcome {
			if d.Endpoint == other {
				return arrived
			}
			return outbox.Outcome{Status: 500, Error: "the endpoint answered 500"}
		}
		for day := range 4 {
			p.happen(fmt.Sprintf("c-%d", day), "redemption.created")
			p.answers(h, 24*time.Hour, 0, down)
		}
		if e, err := p.Endpoint(ctx, p.store, p.endpoint); err != nil || e.State != webhook.Enabled || e.FailingSince.IsZero() || len(l.sent) != 0 {
			t.Fatalf("after four days: %+v, %v, %v", e, l.sent, err)
		}
		p.happen("c-9", "redemption.created")
		told := p.answers(h, 30*time.Hour, 0, down)
		e, err := p.Endpoint(ctx, p.store, p.endpoint)
		if err != nil || e.State != webhook.Disabled || e.DisabledReason != webhook.Failing || e.Version != 2 {
			t.Fatalf("after five days: %+v, %v", e, err)
		}
		if len(l.sent) != 1 || l.sent[0] != p.store+" "+p.endpoint {
			t.Errorf("mails: %v", l.sent)
		}
		if !slices.Contains(told, p.endpoint+" "+webhook.DisabledEvent) {
			t.Errorf("the other endpoint was not told: %v", told)
		}
		log, err := p.AuditLog(ctx, p.store, console.AuditFilter{Actor: "gateway", Action: "webhook.disabled"}, "", 10)
		if err != nil || len(log) != 1 || log[0].Target != p.endpoint {
			t.Errorf("%+v, %v", log, err)
		}
		// Stale changes are refused; enabling forgets the failures and sends what has waited.
		e.State, e.Version = webhook.Enabled, 1
		_, err = p.UpdateEndpoint(ctx, p.by, e)
		code(t, err, fault.VersionConflict)
		e.Version = 2
		now, err := p.UpdateEndpoint(ctx, p.by, e)
		if err != nil || now.DisabledReason != "" || now.Failures != 0 || !now.FailingSince.IsZero() || now.Version != 3 {
			t.Errorf("%+v, %v", now, err)
		}
		if waited := p.answers(h, time.Hour, 0, func(outbox.Delivery) outbox.Outcome { return arrived }); len(waited) == 0 {
			t.Error("nothing had waited")
		}
	})
}

func TestWhatCannotBeToldIsNotWritten(t *testing.T) {
	clocked(t, func(t *testing.T, p *post, _ *hands) {
		p.happen("c-1", "redemption.created")
		p.outbox = p.outbox.Telling(&letters{err: errors.New("no queue")})
		err := p.outbox.Finish(t.Context(), p.claim()[0], outbox.Outcome{Status: 410, Gone: true})
		e, readErr := p.Endpoint(t.Context(), p.store, p.endpoint)
		if err == nil || readErr != nil || e.State != webhook.Enabled || p.count("SELECT COUNT(*) FROM webhook_attempts") != 0 {
			t.Errorf("%v, %+v, %v", err, e, readErr)
		}
	})
}

func TestReplayingARangeKeepsTheOrderOfEachCustomer(t *testing.T) {
	clocked(t, func(t *testing.T, p *post, h *hands) {
		ctx := t.Context()
		all := func(outbox.Delivery) outbox.Outcome { return arrived }
		p.happen("c-0", "offer_token.issued")
		p.answers(h, time.Hour, 0, all)
		since := h.now()
		p.happen("c-1", "offer_token.issued", "redemption.created", "redemption.refunded")
		p.happen("c-2", "redemption.created")
		p.answers(h, time.Hour, 0, func(d outbox.Delivery) outbox.Outcome {
			if d.EventType == "redemption.created" {
				return outbox.Outcome{Status: 410, Error: "the endpoint answered 410"}
			}
			return arrived
		})
		for len(p.claim()) > 0 {
			h.move(24 * time.Hour)
		}
		p.exec("UPDATE webhook_deliveries SET state = 'failed' WHERE state = 'waiting'")
		done, err := p.ReplayRange(ctx, p.by, p.store, p.endpoint, console.Replay{What: console.ReplayFailed, Since: since})
		if err != nil || done.Count != 3 || done.More {
			t.Fatalf("%+v, %v", done, err)
		}
		if again := p.answers(h, time.Hour, 0, all); !slices.Equal(ordered(again, "c-1"), []string{"c-1 redemption.created", "c-1 redemption.refunded"}) ||
			len(again) != 3 {
			t.Errorf("failed again: %v", again)
		}
		done, err = p.ReplayRange(ctx, p.by, p.store, p.endpoint, console.Replay{What: console.ReplayAll, Since: since})
		if err != nil || done.Count != 4 {
			t.Fatalf("%+v, %v", done, err)
		}
		again := p.answers(h, time.Hour, 0, all)
		if want := []string{"c-1 offer_token.issued", "c-1 redemption.created", "c-1 redemption.refunded"}; !slices.Equal(ordered(again, "c-1"), want) || len(again) != 4 {
			t.Errorf("all again: %v", again)
		}
		for pointer, r := range map[string]console.Replay{
			"#/what":  {What: "some", Since: since},
			"#/since": {What: console.ReplayAll, Since: since.AddDate(0, 0, -40)},
			"#/until": {What: console.ReplayAll, Since: since, Until: since},
		} {
			_, err := p.ReplayRange(ctx, p.by, p.store, p.endpoint, r)
			if f := fault.From(err); f == nil || f.Code != fault.Invalid || f.Fields[0].Pointer != pointer {
				t.Errorf("%s: %v", pointer, err)
			}
		}
		_, err = p.ReplayRange(ctx, p.by, "sto_other", p.endpoint, console.Replay{What: console.ReplayAll, Since: since})
		code(t, err, fault.NotFound)
	})
}

func ordered(tried []string, customer string) (own []string) {
	for _, s := range tried {
		if s[:len(customer)] == customer {
			own = append(own, s)
		}
	}
	return own
}

func TestWhatAnEndpointMissedIsDelivered(t *testing.T) {
	clocked(t, func(t *testing.T, p *post, h *hands) {
		ctx, since := t.Context(), h.now()
		e, err := p.Endpoint(ctx, p.store, p.endpoint)
		if err != nil {
			t.Fatal(err)
		}
		p.happen("c-1", "offer_token.issued")
		e.State = webhook.Disabled
		now, err := p.UpdateEndpoint(ctx, p.by, e)
		if err != nil || now.DisabledReason != webhook.ByAdmin {
			t.Fatalf("%+v, %v", now, err)
		}
		_, err = p.SendTest(ctx, p.by, p.store, p.endpoint)
		code(t, err, fault.Conflict)
		p.happen("c-1", "redemption.created", "member.tier_changed")
		p.happen("", "redemption.refunded")
		e = *now
		e.State, e.Events = webhook.Enabled, []string{"redemption.created", "redemption.refunded"}
		if _, err = p.UpdateEndpoint(ctx, p.by, e); err != nil {
			t.Fatal(err)
		}
		done, err := p.ReplayRange(ctx, p.by, p.store, p.endpoint, console.Replay{What: console.ReplayMissing, Since: since, Until: h.now().Add(time.Second)})
		if err != nil || done.Count != 2 {
			t.Fatalf("%+v, %v", done, err)
		}
		got := p.answers(h, time.Hour, 0, func(outbox.Delivery) outbox.Outcome { return arrived })
		if !slices.Equal(ordered(got, "c-1"), []string{"c-1 offer_token.issued", "c-1 redemption.created"}) || len(got) != 3 {
			t.Errorf("%v", got)
		}
		done, err = p.ReplayRange(ctx, p.by, p.store, p.endpoint, console.Replay{What: console.ReplayMissing, Since: since})
		if err != nil || done.Count != 0 {
			t.Errorf("nothing is missing any more: %+v, %v", done, err)
		}
	})
}

func TestATestMessageReachesAnEndpointThatWantsSomethingElse(t *testing.T) {
	clocked(t, func(t *testing.T, p *post, h *hands) {
		some := p.add(webhook.Endpoint{URL: "https://shop.example/some", Events: []string{"redemption.created"}})
		sent, err := p.SendTest(t.Context(), p.by, p.store, some)
		if err != nil || sent.State != outbox.Waiting || sent.EventType != webhook.TestEvent {
			t.Fatalf("%+v, %v", sent, err)
		}
		var m outbox.Message
		if err := json.Unmarshal(sent.Body, &m); err != nil || m.Type != webhook.TestEvent || string(m.Data) != fmt.Sprintf(`{"test":true,"webhook_id":"%s"}`, some) {
			t.Errorf("%s, %v", sent.Body, err)
		}
		if got := p.answers(h, time.Minute, 0, func(d outbox.Delivery) outbox.Outcome {
			if d.Endpoint != some {
				t.Errorf("sent to %s", d.Endpoint)
			}
			return arrived
		}); len(got) != 1 {
			t.Errorf("%v", got)
		}
	})
}

func TestTheOldSecretIsHandedOutUntilItsTimeIsOver(t *testing.T) {
	clocked(t, func(t *testing.T, p *post, h *hands) {
		ctx := t.Context()
		made, err := p.RotateSecret(ctx, p.by, p.store, p.endpoint, 24*time.Hour)
		if err != nil || made.PlainSecret == "" || made.Version != 2 {
			t.Fatalf("%+v, %v", made, err)
		}
		p.happen("c-1", "redemption.created")
		if d := p.claim()[0]; d.OldSecret == nil || string(d.OldSecret) == string(d.Secret) {
			t.Error("the old secret does not sign")
		}
		h.move(25 * time.Hour)
		if d := p.claim()[0]; d.OldSecret != nil {
			t.Error("the old secret signs for ever")
		}
		if _, err = p.RotateSecret(ctx, p.by, p.store, p.endpoint, 0); err != nil {
			t.Fatal(err)
		}
		h.move(25 * time.Hour)
		if d := p.claim()[0]; d.OldSecret != nil {
			t.Error("a leaked secret signs")
		}
		_, err = p.RotateSecret(ctx, p.by, p.store, p.endpoint, 1000*time.Hour)
		code(t, err, fault.Invalid)
		_, err = p.RotateSecret(ctx, p.by, "sto_other", p.endpoint, 0)
		code(t, err, fault.NotFound)
		log, err := p.AuditLog(ctx, p.store, console.AuditFilter{Action: "webhook.secret_rotated"}, "", 10)
		if err != nil || len(log) != 2 {
			t.Errorf("%+v, %v", log, err)
		}
	})
}

func TestAnEndpointWithoutRoomIsLeftOut(t *testing.T) {
	clocked(t, func(t *testing.T, p *post, _ *hands) {
		slow := p.endpoint
		quick := p.add(webhook.Endpoint{URL: "https://shop.example/quick"})
		for n := range 3 {
			p.happen(fmt.Sprintf("c-%d", n), "redemption.created")
		}
		due, err := p.outbox.Claim(t.Context(), outbox.Want{Limit: 10, PerEndpoint: 2, UnderWay: map[string]int{slow: 2}, Lease: time.Hour})
		if err != nil || len(due) != 2 || due[0].Endpoint != quick || due[1].Endpoint != quick {
			t.Errorf("%+v, %v", due, err)
		}
	})
}

func TestSweepingForgetsTriesAndTheStranded(t *testing.T) {
	clocked(t, func(t *testing.T, p *post, h *hands) {
		ctx := t.Context()
		p.happen("c-1", "redemption.created", "redemption.refunded")
		p.finish(p.claim()[0], outbox.Outcome{Status: 410, Gone: true})
		if n := p.count("SELECT COUNT(*) FROM webhook_attempts"); n != 1 {
			t.Fatalf("%d tries", n)
		}
		h.move(31 * 24 * time.Hour)
		if _, err := p.outbox.Sweep(ctx, 30*24*time.Hour, 100); err != nil {
			t.Fatal(err)
		}
		for _, table := range []string{"webhook_attempts", "webhook_deliveries"} {
			if n := p.count("SELECT COUNT(*) FROM " + table); n != 0 {
				t.Errorf("%d rows left in %s", n, table)
			}
		}
	})
}
