package api

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"
)

type observed struct {
	method, route, code string
	status              int
}

type fakeObserver struct{ seen []observed }

func (o *fakeObserver) Request(method, route string, status int, code string, _ time.Duration) {
	o.seen = append(o.seen, observed{method, route, code, status})
}

func TestLogNamesNobody(t *testing.T) {
	observer := &fakeObserver{}
	h := newHarness(t, func(d *Deps) { d.Observer = observer })
	registerEcho(h.API, Secret)
	h.ask(http.MethodPost, "/v1/echo/ada@mit.edu?limit=7", `{"name":"Ada Lovelace"}`, withA, "Idempotency-Key: my-key", "X-Forwarded-For: 1.2.3.4")
	h.ask(http.MethodPost, "/v1/echo/ada@mit.edu?limit=77", `{"name":"Ada Lovelace"}`, withA)
	h.ask(http.MethodGet, "/nothing/ada@mit.edu", "")
	log := h.logs.String()
	for _, secret := range []string{"ada@mit.edu", "Ada", "limit=", "my-key", "192.0.2.1", "1.2.3.4"} {
		if strings.Contains(log, secret) {
			t.Errorf("the log has %q: %s", secret, log)
		}
	}
	if !strings.Contains(log, `"route":"/v1/echo/:id"`) || !strings.Contains(log, `"store":"sto_a"`) || !strings.Contains(log, `"code":"invalid"`) {
		t.Errorf("the log lacks route, store or code: %s", log)
	}
	want := []observed{{"POST", "/v1/echo/:id", "", 200}, {"POST", "/v1/echo/:id", "invalid", 422}, {"GET", "none", "not_found", 404}}
	for i, w := range want {
		if i >= len(observer.seen) || observer.seen[i] != w {
			t.Fatalf("observed %+v, want %+v", observer.seen, want)
		}
	}
}

func TestPanicIsAnswered(t *testing.T) {
	h := newHarness(t)
	Register(h.API, Operation{ID: "panic", Method: http.MethodGet, Path: "/v1/panic", Tag: "Store", Summary: "x", Description: "x", Allow: Allow(Anyone)},
		func(context.Context, *struct{}) (*Reply[Nothing], error) { panic("a secret detail") })
	rec := h.ask(http.MethodGet, "/v1/panic", "")
	if p := problemIn(t, rec); p.Code != "internal" || strings.Contains(rec.Body.String(), "secret detail") {
		t.Errorf("%s", rec.Body)
	}
	if strings.Count(h.logs.String(), "secret detail") != 1 {
		t.Errorf("not logged once: %s", h.logs)
	}
}
