package outbox_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/internal/outbox"
)

func TestRetriesTakeAboutThreeDaysAndThenEnd(t *testing.T) {
	for _, random := range []float64{0, 0.5, 0.999} {
		var sum, last time.Duration
		n := 1
		for ; outbox.RetryIn(n, random) > 0; n++ {
			d := outbox.RetryIn(n, random)
			if n < 11 && d < last {
				t.Errorf("wait %d is shorter than the one before", n)
			}
			sum, last = sum+d, d
		}
		if n != outbox.MaxAttempts || sum < 64*time.Hour || sum > 80*time.Hour {
			t.Errorf("%d tries over %s", n, sum)
		}
	}
	if outbox.RetryIn(0, 0) != 0 {
		t.Error("a wait before the first try")
	}
}

func TestABodyIsAStandardWebhookMessage(t *testing.T) {
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.FixedZone("", 3600))
	body, err := outbox.Event{Type: "a.b", Payload: json.RawMessage(`{"x":1}`), CreatedAt: at}.Body(true)
	if want := `{"type":"a.b","timestamp":"2026-03-01T11:00:00Z","livemode":true,"data":{"x":1}}`; err != nil || string(body) != want {
		t.Errorf("%s, %v", body, err)
	}
	if _, err := (outbox.Event{Payload: json.RawMessage(`{`)}).Body(false); err == nil {
		t.Error("broken JSON was rendered")
	}
}

func TestABodyIsBounded(t *testing.T) {
	lines := `[` + strings.Repeat(`{"sku":"a"},`, 1<<15) + `{}]`
	texts := map[string]string{}
	for _, c := range "abcdefghijklmnopqrstuvwxyz" {
		texts[strings.Repeat(string(c), 20)] = strings.Repeat("x", 1<<14)
	}
	many, err := json.Marshal(texts)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ payload, want string }{
		"lists are left out": {`{"order_id":"o-1","total":5,"lines":` + lines + `}`, `{"order_id":"o-1","total":5,"truncated":true}`},
		"so are long texts":  {string(many), `{"truncated":true}`},
		"small ones stay":    {`{"lines":[1]}`, `{"lines":[1]}`},
	} {
		body, err := outbox.Event{Type: "a.b", Payload: json.RawMessage(c.payload)}.Body(false)
		if err != nil || len(body) > outbox.MaxBody || !strings.HasSuffix(string(body), `"data":`+c.want+`}`) {
			t.Errorf("%s: %d bytes, %.300s, %v", name, len(body), body, err)
		}
	}
}
