package shop

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// gatewayDouble answers with what a test put there and remembers what the shop sent.
type gatewayDouble struct {
	t       *testing.T
	lock    sync.Mutex
	answers map[string]answerOf
	seen    []sent
}

type answerOf struct {
	status int
	body   string
	// cut closes the connection without an answer.
	cut bool
}

type sent struct {
	route  string
	header http.Header
	body   map[string]any
}

func (g *gatewayDouble) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	g.lock.Lock()
	defer g.lock.Unlock()
	text, err := io.ReadAll(r.Body)
	if err != nil {
		g.t.Errorf("read what the shop sent: %v", err)
	}
	call := sent{route: r.Method + " " + r.URL.RequestURI(), header: r.Header}
	if len(text) > 0 {
		if err := json.Unmarshal(text, &call.body); err != nil {
			g.t.Errorf("%s: body is no JSON object: %s", call.route, text)
		}
	}
	g.seen = append(g.seen, call)
	answer, ok := g.answers[call.route]
	if !ok {
		answer = answerOf{status: http.StatusNotFound, body: `{"status":404,"code":"not_found","detail":"nothing here"}`}
	}
	if answer.cut {
		panic(http.ErrAbortHandler)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(answer.status)
	if _, err := io.WriteString(w, answer.body); err != nil {
		g.t.Errorf("answer the shop: %v", err)
	}
}

func (g *gatewayDouble) put(route string, status int, body string) {
	g.lock.Lock()
	defer g.lock.Unlock()
	g.answers[route] = answerOf{status: status, body: body}
}

func (g *gatewayDouble) cut(route string) {
	g.lock.Lock()
	defer g.lock.Unlock()
	g.answers[route] = answerOf{cut: true}
}

func (g *gatewayDouble) routes() []string {
	g.lock.Lock()
	defer g.lock.Unlock()
	routes := []string{}
	for _, call := range g.seen {
		routes = append(routes, call.route)
	}
	return routes
}

func (g *gatewayDouble) last(route string) sent {
	g.lock.Lock()
	defer g.lock.Unlock()
	for i := len(g.seen) - 1; i >= 0; i-- {
		if g.seen[i].route == route {
			return g.seen[i]
		}
	}
	g.t.Fatalf("the shop never sent %s", route)
	return sent{}
}

const testToken = "eyJhbGciOiJFUzI1NiJ9.eyJvZmZlciI6Im9mZl8xIn0.c2lnbmF0dXJl"

const (
	evaluated = `{"evaluation_id":"evl_sealed","expires_at":"2026-01-01T00:00:00Z","applied":[{"offer_id":"off_1","amount":280,
		"method":"across","allocations":[{"line_id":"notebook","amount":280}]}],"rejected":[],"points":11,
		"totals":{"subtotal":1400,"discount":280,"shipping":490,"total":1610}}`
	redeemedBody = `{"redemption_id":"rdm_1","state":"redeemed","order_id":"order-1","applied":[{"offer_id":"off_1","amount":280,
		"allocations":[{"line_id":"notebook","amount":280}]}],"points":11,"totals":{"subtotal":1400,"discount":280,"shipping":490,"total":1610}}`
)

// browser is one shopper's browser in front of the shop.
type browser struct {
	t       *testing.T
	shop    http.Handler
	cookies []*http.Cookie
}

func setUp(t *testing.T) (*gatewayDouble, *browser) {
	t.Helper()
	double := &gatewayDouble{t: t, answers: map[string]answerOf{}}
	server := httptest.NewUnstartedServer(double)
	server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	server.Start()
	t.Cleanup(server.Close)
	shop, err := New(Config{
		BaseURL: server.URL, SecretKey: "sk_test_secret", PublishableKey: "pk_test_public", Client: server.Client(),
		Logger: slog.New(slog.DiscardHandler),
		Now:    func() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) },
	})
	if err != nil {
		t.Fatal(err)
	}
	double.put("POST /v1/evaluations", 200, evaluated)
	double.put("POST /v1/reservations", 201, `{"reservation_id":"rsv_1","state":"held"}`)
	double.put("POST /v1/reservations/rsv_1/redeem", 200, redeemedBody)
	double.put("POST /v1/reservations/rsv_1/release", 200, `{"state":"released"}`)
	double.put("POST /v1/orders", 201, `{"id":"ord_1","points":14}`)
	return double, &browser{t: t, shop: shop}
}

// reply is every member that an answer of the shop may have.
type reply struct {
	status         int
	text           string
	Customer       string          `json:"customer"`
	PublishableKey string          `json:"publishable_key"`
	StoreID        string          `json:"store_id"`
	Offers         []offer         `json:"offers"`
	Products       []product       `json:"products"`
	Calls          []Call          `json:"calls"`
	Problem        refusal         `json:"problem"`
	Order          Order           `json:"order"`
	Orders         []Order         `json:"orders"`
	Evaluation     json.RawMessage `json:"evaluation"`
	Member         json.RawMessage `json:"member"`
	Entries        json.RawMessage `json:"entries"`
}

func (b *browser) send(method, path, contentType, body string) reply {
	b.t.Helper()
	request := httptest.NewRequestWithContext(b.t.Context(), method, path, strings.NewReader(body))
	if contentType != "" {
		request.Header.Set("Content-Type", contentType)
	}
	for _, cookie := range b.cookies {
		request.AddCookie(cookie)
	}
	recorder := httptest.NewRecorder()
	b.shop.ServeHTTP(recorder, request)
	if set := recorder.Result().Cookies(); len(set) > 0 {
		b.cookies = set
	}
	got := reply{status: recorder.Code, text: recorder.Body.String()}
	if bytes.HasPrefix(recorder.Body.Bytes(), []byte("{")) {
		if err := json.Unmarshal(recorder.Body.Bytes(), &got); err != nil {
			b.t.Fatalf("%s %s: %v", method, path, err)
		}
	}
	return got
}

func (b *browser) get(path string) reply { return b.send(http.MethodGet, path, "", "") }

func (b *browser) post(path, body string) reply {
	return b.send(http.MethodPost, path, "application/json", body)
}
