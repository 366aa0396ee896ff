package telemetry

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	_ "modernc.org/sqlite"
)

func TestALineCarriesTheRequestsID(t *testing.T) {
	var out bytes.Buffer
	logger, err := NewLogger(&out, "info", "json")
	if err != nil {
		t.Fatal(err)
	}
	ctx := WithRequestID(t.Context(), "req-1")
	logger.With("store_id", "sto_1").InfoContext(ctx, "redeemed")
	logger.DebugContext(ctx, "hidden")
	var line map[string]any
	if err := json.Unmarshal(out.Bytes(), &line); err != nil {
		t.Fatal(err)
	}
	if line["request_id"] != "req-1" || line["store_id"] != "sto_1" || line["msg"] != "redeemed" {
		t.Errorf("line: %v", line)
	}
	out.Reset()
	logger.InfoContext(t.Context(), "no request")
	if strings.Contains(out.String(), "request_id") {
		t.Errorf("line: %s", &out)
	}
}

func TestALoggerNeedsAKnownLevelAndFormat(t *testing.T) {
	for _, test := range [][2]string{{"loud", "json"}, {"info", "xml"}} {
		if _, err := NewLogger(&bytes.Buffer{}, test[0], test[1]); err == nil {
			t.Errorf("%v: no error", test)
		}
	}
}

func TestMetricsSayWhatHappened(t *testing.T) {
	m := NewMetrics(Build{Version: "1.2.3", Commit: "abc"})
	m.Request("GET", "/v1/offers/{id}", 200, 3*time.Millisecond)
	m.Request("BREW", "", 404, time.Millisecond)
	m.Request("GET", "/v1/offers/{id}", 0, time.Millisecond)
	ended := m.Began()
	m.Refused("token_spent")
	m.Batch(12, 4*time.Millisecond, Committed)
	m.Waiting(3)
	m.Waited(time.Millisecond)
	m.Cache("token", Hit)
	m.Outbox(2, 90*time.Second)
	pool, err := sql.Open("sqlite", "file::memory:")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = pool.Close() })
	if err := m.WatchPool("main", pool); err != nil {
		t.Fatal(err)
	}
	if m.WatchPool("main", pool) == nil {
		t.Error("one name watched twice")
	}
	page := scrape(t, m)
	for _, want := range []string{
		`laurel_http_request_duration_seconds_count{method="GET",route="/v1/offers/{id}",status="2xx"} 1`,
		`laurel_http_request_duration_seconds_count{method="other",route="unmatched",status="4xx"} 1`,
		`laurel_http_request_duration_seconds_count{method="GET",route="/v1/offers/{id}",status="other"} 1`,
		`laurel_http_requests_in_flight 1`,
		`laurel_refusals_total{code="token_spent"} 1`,
		`laurel_commit_batch_commands_sum 12`,
		`laurel_commit_batch_duration_seconds_count{outcome="committed"} 1`,
		`laurel_commit_waiting_commands 3`,
		`laurel_commit_wait_duration_seconds_count 1`,
		`laurel_cache_lookups_total{cache="token",outcome="hit"} 1`,
		`laurel_outbox_waiting_events 2`,
		`laurel_outbox_oldest_seconds 90`,
		`commit="abc"`, `version="1.2.3"`, `go_sql_open_connections{db_name="main"}`, `go_goroutines `,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("missing: %s", want)
		}
	}
	ended()
	if !strings.Contains(scrape(t, m), "laurel_http_requests_in_flight 0") {
		t.Error("an ended request is still in flight")
	}
}

func scrape(t *testing.T, m *Metrics) string {
	t.Helper()
	recorder := httptest.NewRecorder()
	m.Handler().ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	if recorder.Code != http.StatusOK {
		t.Fatalf("status %d", recorder.Code)
	}
	return recorder.Body.String()
}
