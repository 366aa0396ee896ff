package e2e

import (
	"context"
	"errors"
	"net/http/httptest"
	"testing"

	"github.com/laurel-gateway/laurel/cmd/laurel/gateway"
	"github.com/laurel-gateway/laurel/internal/mail"
)

// house is the whole gateway in this process, behind a real HTTP server.
type house struct {
	*gateway.Gateway
	place place
	url   string
}

// open puts the gateway together as `laurel serve` does and serves it until the test ends.
func open(t testing.TB, p place) *house {
	t.Helper()
	return openWith(t, p, nil)
}

func openWith(t testing.TB, p place, mailer mail.Mailer) *house {
	t.Helper()
	g := assemble(t, p, mailer)
	if err := g.Start(t.Context()); err != nil {
		t.Fatal(errors.Join(err, g.Close()))
	}
	server := httptest.NewServer(g.API)
	t.Cleanup(func() {
		server.Close()
		overhearing(t, g)
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := errors.Join(g.Stop(ctx), g.Close()); err != nil {
			t.Errorf("stop the gateway: %v", err)
		}
	})
	return &house{Gateway: g, place: p, url: server.URL}
}

// assemble puts a gateway together without starting it.
func assemble(t testing.TB, p place, mailer mail.Mailer) *gateway.Gateway {
	t.Helper()
	g, err := gateway.Open(t.Context(), gateway.Options{Config: p.config(t), Logger: journal(t),
		Version: "test", Commit: "test", Mailer: mailer})
	if err != nil {
		t.Fatalf("open the gateway: %v", err)
	}
	return g
}

// prepare lets fn fill a place before the processes of a test run on it.
func prepare[T any](t testing.TB, p place, fn func(*gateway.Gateway) T) T {
	t.Helper()
	g := assemble(t, p, nil)
	defer func() {
		if err := g.Close(); err != nil {
			t.Errorf("close the gateway: %v", err)
		}
	}()
	return fn(g)
}
