package webhook_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/internal/egress"
	"github.com/laurel-gateway/laurel/internal/outbox"
	"github.com/laurel-gateway/laurel/internal/webhook"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

// plain is a sealer that only marks what it was given, with what it belongs to.
type plain struct{}

func (plain) Seal(p, ad []byte) ([]byte, error) { return append(append([]byte(nil), ad...), p...), nil }
func (plain) Open(s, ad []byte) ([]byte, error) {
	rest, ok := strings.CutPrefix(string(s), string(ad))
	if !ok {
		return nil, io.ErrUnexpectedEOF
	}
	return []byte(rest), nil
}

func delivery(t *testing.T, url, secret string) outbox.Delivery {
	t.Helper()
	sealed, err := plain{}.Seal([]byte(secret), []byte("whk_1"))
	if err != nil {
		t.Fatal(err)
	}
	return outbox.Delivery{ID: "dlv_1", Endpoint: "whk_1", EventID: "evt_1", URL: url, Secret: sealed, Body: []byte(`{"type":"a"}`), Attempts: 1}
}

func TestAMessageIsSignedSoThatTheLibraryVerifiesIt(t *testing.T) {
	secret := webhook.NewSecret()
	verifier, err := standardwebhooks.NewWebhook(secret)
	if err != nil {
		t.Fatal(err)
	}
	got := make(chan error, 1)
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err == nil {
			err = verifier.Verify(body, r.Header)
		}
		if string(body) != `{"type":"a"}` || r.Header.Get("webhook-id") != "evt_1" || r.Header.Get("User-Agent") != "Laurel/1" {
			t.Errorf("body %s, header %v", body, r.Header)
		}
		got <- err
	}))
	defer server.Close()
	s := webhook.NewSender(egress.Client(egress.Options{AllowPrivate: true}), plain{}, time.Now, "Laurel/1")
	if o := s.Send(t.Context(), delivery(t, server.URL, secret)); !o.Delivered || o.Status != 200 || o.Error != "" {
		t.Errorf("%+v", o)
	}
	if err := <-got; err != nil {
		t.Error(err)
	}
}

func TestWhatIsNotA2xxIsAFailure(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/moved":
			http.Redirect(w, r, "/ok", http.StatusTemporaryRedirect)
		case "/gone":
			w.WriteHeader(http.StatusGone)
		case "/broken":
			w.WriteHeader(http.StatusInternalServerError)
		case "/cut":
			panic(http.ErrAbortHandler)
		}
	}))
	defer server.Close()
	open := webhook.NewSender(egress.Client(egress.Options{AllowPrivate: true}), plain{}, time.Now, "x")
	closed := webhook.NewSender(egress.Client(egress.Options{}), plain{}, time.Now, "x")
	for _, c := range []struct {
		sender *webhook.Sender
		url    string
		want   outbox.Outcome
	}{
		{open, server.URL + "/moved", outbox.Outcome{Status: 307, Error: "the endpoint answered 307"}},
		{open, server.URL + "/gone", outbox.Outcome{Status: 410, Gone: true, Error: "the endpoint answered 410"}},
		{open, server.URL + "/broken", outbox.Outcome{Status: 500, Error: "the endpoint answered 500"}},
		{open, server.URL + "/cut", outbox.Outcome{Error: "the connection failed"}},
		{closed, strings.Replace(server.URL, "http:", "https:", 1), outbox.Outcome{Error: "the address is private or reserved"}},
	} {
		if o := c.sender.Send(t.Context(), delivery(t, c.url, webhook.NewSecret())); o != c.want {
			t.Errorf("%s: %+v", c.url, o)
		}
	}
	d := delivery(t, server.URL, "no base64!")
	if o := open.Send(t.Context(), d); o.Delivered || o.Error == "" {
		t.Errorf("bad secret: %+v", o)
	}
}

func TestAnEndpointThatDoesNotAnswerIsCutOff(t *testing.T) {
	hold := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-hold }))
	defer server.Close()
	defer close(hold)
	s := webhook.NewSender(egress.Client(egress.Options{AllowPrivate: true, Timeout: 20 * time.Millisecond}), plain{}, time.Now, "x")
	if o := s.Send(t.Context(), delivery(t, server.URL, webhook.NewSecret())); o.Delivered || o.Error != "no answer in time" {
		t.Errorf("%+v", o)
	}
}

func TestBothSecretsSignWhileOneReplacesTheOther(t *testing.T) {
	old, fresh := webhook.NewSecret(), webhook.NewSecret()
	headers := make(chan http.Header, 1)
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { headers <- r.Header }))
	defer server.Close()
	d := delivery(t, server.URL, fresh)
	d.OldSecret = delivery(t, server.URL, old).Secret
	s := webhook.NewSender(egress.Client(egress.Options{AllowPrivate: true}), plain{}, time.Now, "x")
	if o := s.Send(t.Context(), d); !o.Delivered {
		t.Fatalf("%+v", o)
	}
	header := <-headers
	if signatures := strings.Fields(header.Get("webhook-signature")); len(signatures) != 2 {
		t.Errorf("signatures %v", signatures)
	}
	for name, c := range map[string]struct {
		secret string
		good   bool
	}{"old": {old, true}, "new": {fresh, true}, "another": {webhook.NewSecret(), false}} {
		verifier, err := standardwebhooks.NewWebhook(c.secret)
		if err != nil {
			t.Fatal(err)
		}
		if err := verifier.Verify(d.Body, header); (err == nil) != c.good {
			t.Errorf("%s: %v", name, err)
		}
	}
}
