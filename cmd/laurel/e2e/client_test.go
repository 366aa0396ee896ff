package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"
)

// patience is how long a test waits for something that has to happen.
const patience = 30 * time.Second

// transport keeps enough connections for the parallel tests.
var transport = &http.Transport{MaxIdleConns: 400, MaxIdleConnsPerHost: 400, IdleConnTimeout: 10 * time.Second}

// caller asks a gateway as somebody.
type caller struct {
	base   string
	header http.Header
}

func newCaller(base string) caller { return caller{base: base, header: http.Header{}} }

// with returns a caller that sends one more header, or another value of it.
func (c caller) with(name, value string) caller {
	c.header = c.header.Clone()
	c.header.Set(name, value)
	return c
}

// bearer returns a caller with a key or a session.
func (c caller) bearer(key string) caller { return c.with("Authorization", "Bearer "+key) }

// at returns the same caller, asking another process.
func (c caller) at(base string) caller {
	c.base = base
	return c
}

// answer is what a gateway said.
type answer struct {
	status int
	header http.Header
	body   []byte
}

func (a answer) String() string { return fmt.Sprintf("%d %s", a.status, bytes.TrimSpace(a.body)) }

// fields are the members of a JSON object.
type fields = map[string]any

// object is the body as an object; empty when it is none.
func (a answer) object() fields {
	f := fields{}
	if json.Unmarshal(a.body, &f) != nil {
		return fields{}
	}
	return f
}

// text is a member of the body, or of an object within: text("offer", "id").
func (a answer) text(path ...string) string {
	var v any = a.object()
	for _, name := range path {
		m, _ := v.(fields)
		v = m[name]
	}
	s, _ := v.(string)
	return s
}

// code is the code of a problem.
func (a answer) code() string { return a.text("code") }

// request is one question.
type request struct {
	method string
	path   string
	// body is sent as JSON; a []byte as it is.
	body any
	// key is the Idempotency-Key.
	key string
}

// post is a question that changes something, with a fresh key.
func post(path string, body any) request {
	return request{method: http.MethodPost, path: path, body: body, key: uuid.NewString()}
}

func get(path string) request { return request{method: http.MethodGet, path: path} }

// try sends a request once.
func (c caller) try(ctx context.Context, r request) (a answer, err error) {
	var body io.Reader
	switch b := r.body.(type) {
	case nil:
	case []byte:
		body = bytes.NewReader(b)
	default:
		encoded, err := json.Marshal(b)
		if err != nil {
			return a, err
		}
		body = bytes.NewReader(encoded)
	}
	req, err := http.NewRequestWithContext(ctx, r.method, c.base+r.path, body)
	if err != nil {
		return a, err
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	for name, values := range c.header {
		req.Header[name] = values
	}
	if r.key != "" {
		req.Header.Set("Idempotency-Key", r.key)
	}
	res, err := transport.RoundTrip(req)
	if err != nil {
		return a, err
	}
	defer func() { err = errors.Join(err, res.Body.Close()) }()
	a.status, a.header = res.StatusCode, res.Header
	a.body, err = io.ReadAll(res.Body)
	secrecy.overhear(c.header, r, a)
	return a, err
}

// ask sends a request once and fails the test when no answer comes.
func (c caller) ask(t testing.TB, r request) answer {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), patience)
	defer cancel()
	a, err := c.try(ctx, r)
	if err != nil {
		t.Fatalf("%s %s: %v", r.method, r.path, err)
	}
	return a
}

// must asks and fails the test unless the answer has the status.
func (c caller) must(t testing.TB, status int, r request) answer {
	t.Helper()
	a := c.ask(t, r)
	if a.status != status {
		t.Fatalf("%s %s: %v, want %d", r.method, r.path, a, status)
	}
	return a
}

// retryPause is how long a client that got no answer waits before it asks again.
const retryPause = 20 * time.Millisecond

// persist sends a request with the same key until it is answered: no answer, 503 and a key in flight are asked again.
func (c caller) persist(ctx context.Context, r request) (answer, error) {
	pause := time.NewTicker(retryPause)
	defer pause.Stop()
	for {
		a, err := c.try(ctx, r)
		if err == nil && a.status != http.StatusServiceUnavailable && a.code() != "idempotency_key_in_flight" {
			return a, nil
		}
		select {
		case <-ctx.Done():
			return a, fmt.Errorf("%s %s was not answered in time, last %v: %w", r.method, r.path, a, errors.Join(err, ctx.Err()))
		case <-pause.C:
		}
	}
}

// eventually waits until a condition holds.
func eventually(t testing.TB, what string, holds func() bool) {
	t.Helper()
	deadline, tick := time.NewTimer(patience), time.NewTicker(10*time.Millisecond)
	defer deadline.Stop()
	defer tick.Stop()
	for !holds() {
		select {
		case <-deadline.C:
			t.Fatalf("%s: not within %v", what, patience)
		case <-tick.C:
		}
	}
}

// wait returns a context for everything that a test waits for together.
func wait(t testing.TB) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), 2*patience)
	t.Cleanup(cancel)
	return ctx
}
