package database_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/internal/console"
	"github.com/laurel-gateway/laurel/internal/database"
	"github.com/laurel-gateway/laurel/internal/egress"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/internal/outbox"
	"github.com/laurel-gateway/laurel/internal/testdb"
	"github.com/laurel-gateway/laurel/internal/webhook"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

// post is a desk with one endpoint and the relay's storage.
type post struct {
	*desk
	outbox   database.Outbox
	endpoint string
}

func newPost(t *testing.T, db *database.DB) *post {
	t.Helper()
	p := &post{desk: newDesk(t, db), outbox: database.NewOutbox(db)}
	p.endpoint = p.add(webhook.Endpoint{URL: "https://shop.example/hook"})
	return p
}

func (p *post) add(e webhook.Endpoint) string {
	p.t.Helper()
	e.Store = p.store
	made, err := p.CreateEndpoint(p.t.Context(), p.by, e)
	if err != nil {
		p.t.Fatal(err)
	}
	return made.ID
}

// happen writes events of an ordering key, and passes them on.
func (p *post) happen(ordering string, types ...string) {
	p.t.Helper()
	var events []outbox.Event
	for _, kind := range types {
		events = append(events, outbox.Event{Store: p.store, Type: kind, Ordering: ordering, Payload: json.RawMessage(`{"customer":"c"}`)})
	}
	err := p.db.Run(p.t.Context(), func(ctx context.Context, tx *database.Tx) error { return tx.AppendEvents(ctx, events) })
	if err != nil {
		p.t.Fatal(err)
	}
	if n, err := p.outbox.FanOut(p.t.Context(), 100); err != nil || n != len(types) {
		p.t.Fatalf("%d events passed on, %v", n, err)
	}
}

func (p *post) claim() []outbox.Delivery {
	p.t.Helper()
	due, err := p.outbox.Claim(p.t.Context(), outbox.Want{Limit: 100, PerEndpoint: 100, Lease: time.Hour})
	if err != nil {
		p.t.Fatal(err)
	}
	return due
}

func (p *post) finish(d outbox.Delivery, o outbox.Outcome) {
	p.t.Helper()
	if err := p.outbox.Finish(p.t.Context(), d, o); err != nil {
		p.t.Fatal(err)
	}
}

// due makes everything that waits for a time wait no longer.
func (p *post) due() {
	p.exec("UPDATE webhook_deliveries SET next_at = created_at WHERE state = 'waiting' AND next_at < ?", time.Now().AddDate(1, 0, 0))
}

var (
	arrived = outbox.Outcome{Delivered: true, Status: 200}
	failing = outbox.Outcome{Status: 500, Error: "the endpoint answered 500", RetryIn: time.Hour}
)

func TestAFailedHeadBlocksItsPairAlone(t *testing.T) {
	testdb.Each(t, func(t *testing.T, db *database.DB) {
		p := newPost(t, db)
		p.happen("c-1", "offer_token.issued", "redemption.created")
		p.happen("c-2", "offer_token.issued")
		p.happen("c-1", "redemption.refunded")
		due := p.claim()
		if len(due) != 2 || due[0].EventType != "offer_token.issued" || due[1].Ordering != "c-2" || due[0].Attempts != 1 || due[0].URL == "" {
			t.Fatalf("%+v", due)
		}
		if len(p.claim()) != 0 {
			t.Error("a claimed delivery was given out again")
		}
		p.finish(due[0], failing)
		p.finish(due[1], arrived)
		if next := p.claim(); len(next) != 0 {
			t.Fatalf("the head waits, and yet %+v is due", next)
		}
		p.due()
		for _, want := range []string{"offer_token.issued", "redemption.created", "redemption.refunded"} {
			next := p.claim()
			if len(next) != 1 || next[0].EventType != want {
				t.Fatalf("due %+v, want %s", next, want)
			}
			p.finish(next[0], arrived)
		}
		e, err := p.Endpoint(t.Context(), p.store, p.endpoint)
		if err != nil || e.Failures != 0 {
			t.Errorf("%+v, %v", e, err)
		}
	})
}

func TestALostLeaseChangesNothing(t *testing.T) {
	testdb.Each(t, func(t *testing.T, db *database.DB) {
		p := newPost(t, db)
		p.happen("c-1", "redemption.created", "redemption.refunded")
		late := p.claim()[0]
		p.due()
		fresh := p.claim()[0]
		if fresh.ID != late.ID || fresh.Attempts != 2 {
			t.Fatalf("%+v", fresh)
		}
		p.finish(late, arrived)
		if len(p.claim()) != 0 {
			t.Error("the next was let go by one who had lost the lease")
		}
		// Given up: the next of the pair may go.
		p.finish(fresh, outbox.Outcome{Status: 500, Error: "x"})
		if next := p.claim(); len(next) != 1 || next[0].EventType != "redemption.refunded" {
			t.Errorf("%+v", next)
		}
		if n := p.count("SELECT COUNT(*) FROM webhook_deliveries WHERE state = 'failed'"); n != 1 {
			t.Errorf("%d failed", n)
		}
	})
}

func TestOnlyWantedEventsAndTheBody(t *testing.T) {
	testdb.Each(t, func(t *testing.T, db *database.DB) {
		p := newPost(t, db)
		some := p.add(webhook.Endpoint{URL: "https://shop.example/some", Events: []string{"redemption.created"}})
		p.happen("", "redemption.created", "offer_token.issued")
		got := map[string]int{}
		for _, d := range p.claim() {
			got[d.Endpoint]++
			var m outbox.Message
			if err := json.Unmarshal(d.Body, &m); err != nil || m.Type != d.EventType || m.Livemode || string(m.Data) != `{"customer":"c"}` || m.Timestamp.IsZero() {
				t.Errorf("%s, %v", d.Body, err)
			}
		}
		if got[p.endpoint] != 2 || got[some] != 1 {
			t.Errorf("%v", got)
		}
	})
}

func TestADisabledEndpointWaitsAndAGoneOneIsDisabled(t *testing.T) {
	testdb.Each(t, func(t *testing.T, db *database.DB) {
		p, ctx := newPost(t, db), t.Context()
		p.happen("c-1", "redemption.created", "redemption.refunded")
		p.happen("c-2", "redemption.created")
		due := p.claim()
		p.finish(due[0], outbox.Outcome{Status: 410, Gone: true, Error: "the endpoint answered 410"})
		e, err := p.Endpoint(ctx, p.store, p.endpoint)
		if err != nil || e.State != webhook.Disabled {
			t.Fatalf("%+v, %v", e, err)
		}
		p.finish(due[1], failing)
		p.due()
		if next := p.claim(); len(next) != 0 {
			t.Fatalf("a disabled endpoint gets %+v", next)
		}
		e.State = webhook.Enabled
		if _, err := p.UpdateEndpoint(ctx, p.by, e); err != nil {
			t.Fatal(err)
		}
		if next := p.claim(); len(next) != 2 {
			t.Errorf("%+v", next)
		}
		if _, err := p.DeleteEndpoint(ctx, p.by, p.store, p.endpoint); err != nil {
			t.Fatal(err)
		}
		p.finish(due[1], arrived)
		if n := p.count("SELECT COUNT(*) FROM webhook_deliveries"); n != 0 {
			t.Errorf("%d deliveries left", n)
		}
	})
}

func TestReplaySendsWhatIsOverAgain(t *testing.T) {
	testdb.Each(t, func(t *testing.T, db *database.DB) {
		p, ctx := newPost(t, db), t.Context()
		p.happen("c-1", "redemption.created")
		d := p.claim()[0]
		_, err := p.Replay(ctx, p.by, p.store, d.ID)
		code(t, err, fault.Conflict)
		p.finish(d, arrived)
		if again, err := p.Replay(ctx, p.by, p.store, d.ID); err != nil || again.State != outbox.Waiting {
			t.Errorf("%+v, %v", again, err)
		}
		if due := p.claim(); len(due) != 1 || due[0].EventID != d.EventID {
			t.Errorf("%+v", due)
		}
		_, err = p.Replay(ctx, p.by, "sto_other", d.ID)
		code(t, err, fault.NotFound)
		list, err := p.Deliveries(ctx, p.store, p.endpoint, console.DeliveryFilter{}, "", 10)
		if err != nil || len(list) != 1 {
			t.Errorf("%+v, %v", list, err)
		}
		log, err := p.AuditLog(ctx, p.store, console.AuditFilter{Action: "webhook_delivery.replayed"}, "", 10)
		if err != nil || len(log) != 1 {
			t.Errorf("%+v, %v", log, err)
		}
	})
}

// The whole way: from the transaction to a server that checks the signature.
func TestAnEventReachesItsEndpointSigned(t *testing.T) {
	testdb.Each(t, func(t *testing.T, db *database.DB) {
		p := &post{desk: newDesk(t, db), outbox: database.NewOutbox(db)}
		bodies := make(chan string, 1)
		var secret string
		server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			body, err := io.ReadAll(r.Body)
			if err != nil {
				t.Error(err)
			}
			verifier, err := standardwebhooks.NewWebhook(secret)
			if err != nil {
				t.Error(err)
			} else if err := verifier.Verify(body, r.Header); err != nil {
				t.Error(err)
			}
			bodies <- string(body)
		}))
		defer server.Close()
		made, err := p.CreateEndpoint(t.Context(), p.by, webhook.Endpoint{Store: p.store, URL: server.URL})
		if err != nil {
			t.Fatal(err)
		}
		secret = made.PlainSecret
		relay := outbox.NewRelay(outbox.Config{Storage: p.outbox, Logger: slog.New(slog.DiscardHandler), Random: func() float64 { return 0 },
			Sender: webhook.NewSender(egress.Client(egress.Options{AllowPrivate: true}), unsealed{}, time.Now, "Laurel/test")})
		p.happen("c-1", "redemption.created")
		if n, err := relay.RunOnce(t.Context()); err != nil || n != 1 {
			t.Fatalf("%d, %v", n, err)
		}
		if body := <-bodies; !strings.HasPrefix(body, `{"type":"redemption.created","timestamp":"`) || !strings.HasSuffix(body, `"livemode":false,"data":{"customer":"c"}}`) {
			t.Error(body)
		}
		if n := p.count("SELECT COUNT(*) FROM webhook_deliveries WHERE state = 'delivered' AND last_status = 200"); n != 1 {
			t.Errorf("%d delivered", n)
		}
	})
}

func TestSweepingKeepsWhatIsNotOver(t *testing.T) {
	testdb.Each(t, func(t *testing.T, db *database.DB) {
		p, ctx := newPost(t, db), t.Context()
		p.happen("c-1", "redemption.created", "redemption.refunded")
		p.finish(p.claim()[0], arrived)
		if n, err := p.outbox.Sweep(ctx, time.Hour, 100); err != nil || n != 0 {
			t.Errorf("%d swept before their time, %v", n, err)
		}
		// A keep of less than nothing: everything that is over has its time behind it.
		if n, err := p.outbox.Sweep(ctx, -time.Hour, 1); err != nil || n != 1 {
			t.Errorf("%d swept, %v", n, err)
		}
		if n, err := p.outbox.Sweep(ctx, -time.Hour, 100); err != nil || n != 1 {
			t.Errorf("%d swept, %v", n, err)
		}
		if n := p.count("SELECT COUNT(*) FROM webhook_deliveries WHERE state = 'waiting'"); n != 1 {
			t.Errorf("%d deliveries wait", n)
		}
		if n := p.count("SELECT COUNT(*) FROM outbox"); n != 0 {
			t.Errorf("%d events left", n)
		}
	})
}

// Many relays at once: every event reaches the endpoint once, and those of one customer in order.
func TestRivalRelaysKeepTheOrder(t *testing.T) {
	testdb.Each(t, func(t *testing.T, db *database.DB) {
		p, ctx := newPost(t, db), t.Context()
		const customers, each = 5, 8
		var events []outbox.Event
		for n := range each {
			for c := range customers {
				events = append(events, outbox.Event{Store: p.store, Type: "member.points_changed", Ordering: fmt.Sprintf("c-%d", c),
					Payload: json.RawMessage(fmt.Sprintf(`{"n":%d}`, n))})
			}
		}
		if err := db.Run(ctx, func(ctx context.Context, tx *database.Tx) error { return tx.AppendEvents(ctx, events) }); err != nil {
			t.Fatal(err)
		}
		var mu sync.Mutex
		got := map[string][]string{}
		relay := func() {
			for {
				if _, err := p.outbox.FanOut(ctx, 7); err != nil {
					t.Error(err)
					return
				}
				due, err := p.outbox.Claim(ctx, outbox.Want{Limit: 3, PerEndpoint: 3, Lease: time.Hour})
				if err != nil {
					t.Error(err)
					return
				}
				for _, d := range due {
					var m struct{ Data struct{ N int } }
					if err := json.Unmarshal(d.Body, &m); err != nil {
						t.Error(err)
					}
					mu.Lock()
					got[d.Ordering] = append(got[d.Ordering], fmt.Sprint(m.Data.N))
					mu.Unlock()
					if err := p.outbox.Finish(ctx, d, arrived); err != nil {
						t.Error(err)
					}
				}
				mu.Lock()
				sum := 0
				for _, list := range got {
					sum += len(list)
				}
				mu.Unlock()
				if sum >= customers*each {
					return
				}
			}
		}
		var group sync.WaitGroup
		for range 3 {
			group.Go(relay)
		}
		group.Wait()
		for customer, list := range got {
			if fmt.Sprint(list) != "[0 1 2 3 4 5 6 7]" {
				t.Errorf("%s got %v", customer, list)
			}
		}
	})
}
