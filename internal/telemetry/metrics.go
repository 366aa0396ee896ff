package telemetry

import (
	"database/sql"
	"net/http"
	"runtime"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Metrics is everything that the gateway counts, in a registry of its own. Labels take few values: methods, routes
// (templates, not paths), status classes, fault codes, names of caches. Its methods may be called concurrently.
type Metrics struct {
	registry *prometheus.Registry

	requests  *prometheus.HistogramVec
	inFlight  prometheus.Gauge
	refusals  *prometheus.CounterVec
	batchSize prometheus.Histogram
	batchTime *prometheus.HistogramVec
	waiting   prometheus.Gauge
	waited    prometheus.Histogram
	cache     *prometheus.CounterVec
	guesses   *prometheus.CounterVec
	outbox    prometheus.Gauge
	outboxAge prometheus.Gauge
	tries     *prometheus.CounterVec
	overdue   prometheus.Gauge
	disabled  prometheus.Gauge
	documents *prometheus.CounterVec
	undeleted prometheus.Gauge
	forgotten *prometheus.CounterVec
}

// Build says which program this is.
type Build struct {
	Version string
	Commit  string
}

// latency covers a cached answer (half a millisecond) to a request that is given up (ten seconds).
var latency = []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}

// NewMetrics returns metrics that start at zero, with those of the Go runtime and the process beside them.
func NewMetrics(build Build) *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "laurel_http_request_duration_seconds", Help: "Time to answer a request.", Buckets: latency,
		}, []string{"method", "route", "status"}),
		inFlight: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "laurel_http_requests_in_flight", Help: "Requests being answered.",
		}),
		refusals: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "laurel_refusals_total", Help: "Requests refused, by the code of the problem.",
		}, []string{"code"}),
		batchSize: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "laurel_commit_batch_commands", Help: "Commands in one transaction of the committer.",
			Buckets: prometheus.ExponentialBuckets(1, 2, 10),
		}),
		batchTime: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "laurel_commit_batch_duration_seconds", Help: "Time of one transaction of the committer.", Buckets: latency,
		}, []string{"outcome"}),
		waiting: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "laurel_commit_waiting_commands", Help: "Commands that wait for the committer.",
		}),
		waited: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "laurel_commit_wait_duration_seconds", Help: "Time that a command waited for its transaction to begin.", Buckets: latency,
		}),
		cache: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "laurel_cache_lookups_total", Help: "Lookups in a cache, by outcome.",
		}, []string{"cache", "outcome"}),
		guesses: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "laurel_code_guesses_total", Help: "Offer codes that were wrong or not looked at, and alerts because of them.",
		}, []string{"outcome"}),
		outbox: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "laurel_outbox_waiting_events", Help: "Events that wait to be handed on.",
		}),
		outboxAge: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "laurel_outbox_oldest_seconds", Help: "Age of the oldest event that waits to be handed on.",
		}),
		tries: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "laurel_webhook_tries_total", Help: "Tries at webhook endpoints, by outcome: delivered or failed.",
		}, []string{"outcome"}),
		overdue: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "laurel_webhook_overdue_seconds", Help: "How long the oldest due webhook delivery has waited for its try.",
		}),
		disabled: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "laurel_webhook_endpoints_disabled", Help: "Webhook endpoints that the gateway has disabled.",
		}),
		documents: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "laurel_documents_total", Help: "Documents, by what became of them: uploaded, refused, deleted, delete_failed, orphan, lost.",
		}, []string{"outcome"}),
		undeleted: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "laurel_documents_undeleted", Help: "Documents that were due and could not be deleted in the last run.",
		}),
		forgotten: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "laurel_retention_removed_total", Help: "Rows removed because they were kept long enough, by class.",
		}, []string{"class"}),
	}
	info := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "laurel_build_info", Help: "Always 1; the labels say which program this is.",
		ConstLabels: prometheus.Labels{"version": build.Version, "commit": build.Commit, "go": runtime.Version()},
	})
	info.Set(1)
	m.registry.MustRegister(m.requests, m.inFlight, m.refusals, m.batchSize, m.batchTime, m.waiting, m.waited, m.cache, m.guesses,
		m.outbox, m.outboxAge, m.tries, m.overdue, m.disabled, m.documents, m.undeleted, m.forgotten, info, collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Handler serves the metrics to Prometheus.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{MaxRequestsInFlight: 4})
}

// Request notes one answered request. Route is the template that matched ("/v1/offers/{id}"), "" if none did.
func (m *Metrics) Request(method, route string, status int, took time.Duration) {
	if route == "" {
		route = "unmatched"
	}
	m.requests.WithLabelValues(knownMethod(method), route, statusClass(status)).Observe(took.Seconds())
}

// Began notes that a request is being answered; the function it returns, that it has been.
func (m *Metrics) Began() (ended func()) {
	m.inFlight.Inc()
	return m.inFlight.Dec
}

// Refused notes a problem answer by its stable code.
func (m *Metrics) Refused(code string) { m.refusals.WithLabelValues(code).Inc() }

// Outcome is how a transaction of the committer ended.
type Outcome string

// How a transaction of the committer can end.
const (
	Committed Outcome = "committed"
	Retried   Outcome = "retried"
	Failed    Outcome = "failed"
)

// Batch notes one transaction of the committer: how many commands, how long, how it ended.
func (m *Metrics) Batch(commands int, took time.Duration, outcome Outcome) {
	m.batchSize.Observe(float64(commands))
	m.batchTime.WithLabelValues(string(outcome)).Observe(took.Seconds())
}

// Waiting notes how many commands wait for the committer now.
func (m *Metrics) Waiting(commands int) { m.waiting.Set(float64(commands)) }

// Waited notes how long one command waited for its transaction to begin.
func (m *Metrics) Waited(took time.Duration) { m.waited.Observe(took.Seconds()) }

// Lookup is what a cache answered.
type Lookup string

// What a cache can answer.
const (
	Hit         Lookup = "hit"
	Miss        Lookup = "miss"
	Unavailable Lookup = "unavailable"
)

// Cache notes one lookup in a cache, which is named by a constant of the code.
func (m *Metrics) Cache(name string, outcome Lookup) {
	m.cache.WithLabelValues(name, string(outcome)).Inc()
}

// Guesses notes offer codes that were "wrong", or not looked at because their shopper is "limited", and "alerted".
func (m *Metrics) Guesses(outcome string, n int) { m.guesses.WithLabelValues(outcome).Add(float64(n)) }

// Outbox notes how many events wait to be handed on, and the age of the oldest (zero when none waits).
func (m *Metrics) Outbox(waiting int, oldest time.Duration) {
	m.outbox.Set(float64(waiting))
	m.outboxAge.Set(oldest.Seconds())
}

// WatchPool reports the connection pool's use under a name ("main"). It fails when the name is watched already.
func (m *Metrics) WatchPool(name string, pool *sql.DB) error {
	return m.registry.Register(collectors.NewDBStatsCollector(pool, name))
}

// knownMethod keeps what a stranger sends as a method from becoming a series.
func knownMethod(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return method
	default:
		return "other"
	}
}

func statusClass(status int) string {
	if status < 100 || status > 599 {
		return "other"
	}
	return strconv.Itoa(status/100) + "xx"
}

// WebhookTry notes how one try at a webhook endpoint ended.
func (m *Metrics) WebhookTry(delivered bool) {
	outcome := "failed"
	if delivered {
		outcome = "delivered"
	}
	m.tries.WithLabelValues(outcome).Inc()
}

// Webhooks notes how long the oldest due delivery has waited for its try, and how many endpoints the gateway has
// disabled.
func (m *Metrics) Webhooks(overdue time.Duration, disabled int) {
	m.overdue.Set(overdue.Seconds())
	m.disabled.Set(float64(disabled))
}

// Forgotten notes that so many rows of a class were removed because they were kept long enough.
func (m *Metrics) Forgotten(class string, rows int64) {
	m.forgotten.WithLabelValues(class).Add(float64(rows))
}

// Document notes what became of a document.
func (m *Metrics) Document(outcome string) { m.documents.WithLabelValues(outcome).Inc() }

// DocumentsOverdue notes how many documents could not be deleted in the last run.
func (m *Metrics) DocumentsOverdue(n int) { m.undeleted.Set(float64(n)) }
