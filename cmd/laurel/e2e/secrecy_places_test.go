package e2e

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/laurel-gateway/laurel/cmd/laurel/gateway"
)

// journal is the log of a gateway in this process: everything that it logs is looked through at the end.
func journal(t testing.TB) *slog.Logger {
	t.Helper()
	return slog.New(slog.NewJSONHandler(secrecy.into("the log of "+t.Name()), &slog.HandlerOptions{Level: slog.LevelDebug}))
}

// valueOfSample is the number at the end of a line of metrics.
var valueOfSample = regexp.MustCompile(` [0-9.eE+-]+(\n|$)`)

// ownReference is the store's own name of a customer, which webhooks give back to it: what it looks like is the store's
// choice.
var ownReference = regexp.MustCompile(`"customer":"[^"]*"`)

// overhearing notes what a gateway shows of itself when it is about to end: its metrics, and the webhooks that it wrote.
func overhearing(t testing.TB, g *gateway.Gateway) {
	t.Helper()
	scraped := httptest.NewRecorder()
	g.Metrics.Handler().ServeHTTP(scraped, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	secrecy.say("the metrics of "+t.Name(), valueOfSample.ReplaceAllString(scraped.Body.String(), "$1"))
	rows, err := g.DB.SQL().QueryContext(context.WithoutCancel(t.Context()), "SELECT type, payload FROM outbox")
	if err != nil {
		// The test took the database away.
		t.Logf("webhooks are not looked through: %v", err)
		return
	}
	defer func() {
		if err := rows.Close(); err != nil {
			t.Logf("webhooks are not looked through to their end: %v", err)
		}
	}()
	for rows.Next() {
		var kind, payload string
		if err := rows.Scan(&kind, &payload); err != nil {
			t.Errorf("read a webhook: %v", err)
			return
		}
		secrecy.say(fmt.Sprintf("the webhook %s of %s", kind, t.Name()), ownReference.ReplaceAllString(payload, ""))
	}
	if err := rows.Err(); err != nil {
		t.Logf("webhooks are not looked through to their end: %v", err)
	}
}

// overhearOutput notes what a process wrote. What a command shows to whoever called it, such as a key that it made, is on
// its standard output: of that only a server's is looked through.
func overhearOutput(args []string, output, complaints string) {
	command := strings.Join(args, " ")
	secrecy.say("the complaints of laurel "+command, complaints)
	if len(args) > 0 && args[0] == "serve" {
		secrecy.say("the output of laurel "+command, output)
	}
}
