package api

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/laurel-gateway/laurel/internal/database"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/internal/once"
	"github.com/laurel-gateway/laurel/internal/tenant"
	"github.com/laurel-gateway/laurel/internal/testdb"
)

type addInput struct {
	Body struct {
		Number int64 `json:"number" doc:"A number." example:"1"`
	}
}

type sumView struct {
	Runs int64  `json:"runs" doc:"How often the work ran." example:"1"`
	Text string `json:"text" doc:"A text with <, > and &." example:"<&>"`
}

// plainSeal stands in for the master key.
type plainSeal struct{}

func (plainSeal) Seal(p, _ []byte) ([]byte, error) { return p, nil }
func (plainSeal) Open(s, _ []byte) ([]byte, error) { return s, nil }

// mutations is an API with one mutation whose outcome the number decides.
func mutations(t *testing.T) (h *harness, runs *int64) {
	t.Helper()
	db := testdb.Open(t, testdb.SQLiteURL(t))
	h = newHarness(t)
	for id, s := range h.tenants.stores {
		opened, err := tenant.OpenStore(tenant.Record{Store: *s, SealedSecret: []byte(strings.Repeat(id[4:], 32))}, plainSeal{})
		if err != nil {
			t.Fatal(err)
		}
		h.tenants.stores[id] = opened
	}
	runs = new(int64)
	Register(h.API, Operation{ID: "add", Method: http.MethodPost, Path: "/v1/add", Tag: "Store", Summary: "Add", Description: "Adds.",
		Allow: Allow(Publishable, Client, Customer, Secret, Console), Mutation: true},
		func(ctx context.Context, in *addInput) (*Reply[sumView], error) {
			return Mutate(ctx, func(ctx context.Context) (int64, error) {
				got, err := db.Write(ctx, func(context.Context, *database.Tx) (any, error) {
					*runs++
					return *runs, outcome(in.Body.Number)
				})
				n, _ := got.(int64)
				return n, err
			}, func(n int64) (int, sumView) { return http.StatusCreated, sumView{Runs: n, Text: "<&>"} })
		})
	return h, runs
}

// outcome is what the work says to a number.
func outcome(number int64) error {
	switch number {
	case 409:
		return fault.New(fault.Conflict, "It is taken.").At("#/number", "taken")
	case 422:
		return once.Commit(fault.New(fault.CodeInvalid, "Wrong code."))
	case 404:
		return fault.New(fault.NotFound, "It is not there.")
	case 500:
		return errors.New("a secret detail")
	}
	return nil
}

const (
	withA = "Authorization: Bearer sk_test_a"
	withB = "Authorization: Bearer sk_test_b"
)

func (h *harness) add(body, key string, header ...string) *httptest.ResponseRecorder {
	return h.ask(http.MethodPost, "/v1/add", body, append(header, "Idempotency-Key: "+key)...)
}

func TestReplay(t *testing.T) {
	for name, tc := range map[string]struct {
		body   string
		status int
		kept   bool
	}{
		"done":                  {`{"number":1}`, 201, true},
		"refused":               {`{"number":409}`, 409, true},
		"refused and committed": {`{"number":422}`, 422, true},
		"not found":             {`{"number":404}`, 404, false},
		"failed":                {`{"number":500}`, 500, false},
	} {
		t.Run(name, func(t *testing.T) {
			h, runs := mutations(t)
			first := h.add(tc.body, "key-1", withA)
			again := h.add(tc.body, "key-1", withA)
			if first.Code != tc.status || again.Code != tc.status {
				t.Fatalf("status %d, then %d: %s", first.Code, again.Code, again.Body)
			}
			same := first.Body.String() == again.Body.String() && first.Header().Get("Content-Type") == again.Header().Get("Content-Type")
			if same != tc.kept {
				t.Errorf("first %s\nagain %s", first.Body, again.Body)
			}
			if (again.Header().Get("Idempotency-Replayed") == "true") != tc.kept || first.Header().Get("Idempotency-Replayed") != "" {
				t.Errorf("replayed: %q, %q", first.Header().Get("Idempotency-Replayed"), again.Header().Get("Idempotency-Replayed"))
			}
			if want := map[bool]int64{true: 1, false: 2}[tc.kept]; *runs != want {
				t.Errorf("ran %d times, want %d", *runs, want)
			}
			if strings.Contains(first.Body.String(), "secret detail") {
				t.Error("an internal error is shown")
			}
			if tc.status == 500 && !strings.Contains(h.logs.String(), "secret detail") {
				t.Error("an internal error is not logged")
			}
		})
	}
}

func TestAnotherRequestWithTheKey(t *testing.T) {
	h, runs := mutations(t)
	h.add(`{"number":1}`, "key-1", withA)
	for name, rec := range map[string]*httptest.ResponseRecorder{
		"another body":      h.add(`{"number":2}`, "key-1", withA),
		"other white space": h.add(`{"number": 1}`, "key-1", withA),
	} {
		if p := problemIn(t, rec); p.Code != string(fault.IdempotencyKeyReused) || p.Status != 422 {
			t.Errorf("%s: %+v", name, p)
		}
	}
	if *runs != 1 {
		t.Errorf("ran %d times", *runs)
	}
}

func TestScopeOfAKey(t *testing.T) {
	h, runs := mutations(t)
	secretX, secretY := "Laurel-Client-Secret: x", "Laurel-Client-Secret: y"
	for i, header := range [][]string{
		{withA}, {withB}, {"Authorization: Bearer sk_test_other_a"}, {"Authorization: Bearer cs_a"}, {"Authorization: Bearer pk_test_a"},
		{"Authorization: Bearer pk_test_a", secretX}, {"Authorization: Bearer pk_test_a", secretY}, {"Cookie: laurel_session=owner"}, {"Cookie: laurel_session=support"},
	} {
		rec := h.add(`{"number":1}`, "the-same-key", header...)
		if rec.Code != http.StatusCreated || *runs != int64(i+1) {
			t.Errorf("%v: status %d, ran %d times: %s", header, rec.Code, *runs, rec.Body)
		}
	}
}

func TestIdempotencyKeyIsAskedForFirst(t *testing.T) {
	h, runs := mutations(t)
	for name, tc := range map[string]struct {
		key  []string
		code fault.Code
	}{
		"missing":   {nil, fault.IdempotencyKeyMissing},
		"empty":     {[]string{""}, fault.IdempotencyKeyMissing},
		"space":     {[]string{"a b"}, fault.IdempotencyKeyInvalid},
		"not ASCII": {[]string{"ключ"}, fault.IdempotencyKeyInvalid},
		"too long":  {[]string{strings.Repeat("a", 256)}, fault.IdempotencyKeyInvalid},
		"control":   {[]string{"a\x7f"}, fault.IdempotencyKeyInvalid},
		"two":       {[]string{"a", "b"}, fault.IdempotencyKeyInvalid},
	} {
		t.Run(name, func(t *testing.T) {
			req := newRequest(http.MethodPost, "/v1/add")
			req.Header["Authorization"] = []string{"Bearer sk_test_a"}
			req.Header["Idempotency-Key"] = tc.key
			if p := problemIn(t, h.serve(req)); p.Code != string(tc.code) || p.Status != 400 {
				t.Errorf("%+v", p)
			}
		})
	}
	if rec := h.add(`{"number":1}`, strings.Repeat("~", 255), withA); rec.Code != http.StatusCreated {
		t.Errorf("a key of 255 characters: %d", rec.Code)
	}
	if *runs != 1 {
		t.Errorf("ran %d times", *runs)
	}
}

// An answer that was settled by a transaction that did not commit is no answer.
func TestUnknownOutcomeIsNotAnAnswer(t *testing.T) {
	req := &once.Request{}
	ctx := once.With(t.Context(), req)
	lost := errors.New("the connection broke at commit")
	_, err := Mutate(ctx, func(context.Context) (int, error) {
		answer, _ := req.Encode(1, nil)
		req.Settle(answer)
		return 1, lost
	}, func(int) (int, sumView) { return 201, sumView{} })
	if !errors.Is(err, lost) {
		t.Errorf("got %v", err)
	}
}
