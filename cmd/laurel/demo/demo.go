// Package demo is the ten-minute tour: everything in one process and one directory, a seeded test store, a small shop,
// an inbox for the mails, and a university to sign in at.
package demo

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/laurel-gateway/laurel/cmd/laurel/gateway"
	"github.com/laurel-gateway/laurel/internal/config"
	"github.com/laurel-gateway/laurel/internal/database"
	"github.com/laurel-gateway/laurel/internal/demouniversity"
	"github.com/laurel-gateway/laurel/internal/mail"
	"github.com/laurel-gateway/laurel/verify/sso"
	"github.com/laurel-gateway/laurel/web/demo/shop"
)

// Options are what the command line says.
type Options struct {
	// Listen is host:port on loopback.
	Listen  string
	DataDir string
	Logger  *slog.Logger
	Version string
	Commit  string
}

// Demo is a running tour.
type Demo struct {
	Gateway *gateway.Gateway
	State   State
	URL     string
}

// ErrNotLoopback refuses to show the demo to anybody else: it hands out its secret key and everybody's mail.
var ErrNotLoopback = errors.New("the demo hands out its keys and mails, so it listens on this machine only: use 127.0.0.1, [::1] or localhost")

// Open seeds the data directory at the first start, and puts the gateway together with the demo's pages.
func Open(ctx context.Context, o Options) (*Demo, error) {
	port, err := loopbackPort(o.Listen)
	if err != nil {
		return nil, err
	}
	public := "http://localhost:" + port
	cfg, err := configure(o, public)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(cfg.DataDir, 0o700); err != nil {
		return nil, fmt.Errorf("make the data directory: %w", err)
	}
	if err := database.Migrate(ctx, gateway.DatabaseURL(cfg)); err != nil {
		return nil, err
	}
	inbox := mail.NewInbox(time.Now)
	state, err := loadState(cfg.DataDir)
	if err != nil {
		return nil, err
	}
	university, err := demouniversity.New(demouniversity.Config{Issuer: public + universityPath, ClientID: universityClient,
		ClientSecret: state.UniversitySecret, RedirectURI: public + sso.CallbackPath, Now: time.Now, Random: rand.Reader, Log: o.Logger})
	if err != nil {
		return nil, fmt.Errorf("open the demo university: %w", err)
	}
	staffDirectory, err := newDirectory(state.DirectorySecret, time.Now)
	if err != nil {
		return nil, fmt.Errorf("open the demo's staff directory: %w", err)
	}
	var pages lateHandler
	g, err := gateway.Open(ctx, gateway.Options{Config: cfg, Logger: o.Logger, Version: o.Version, Commit: o.Commit, Mailer: inbox, WithDemo: true,
		OwnOrigins: []string{"http://" + net.JoinHostPort("127.0.0.1", port), "http://" + net.JoinHostPort("::1", port)},
		Mounts:     map[string]http.Handler{universityPath: university, directoryPath: staffDirectory, "/demo/api": &pages, "/demo/config.json": &pages, "/demo/inbox.json": &pages}})
	if err != nil {
		return nil, err
	}
	d := &Demo{Gateway: g, State: state, URL: public}
	if err := d.seed(ctx); err != nil {
		return nil, errors.Join(err, g.Close())
	}
	store, err := shop.New(shop.Config{BaseURL: "http://" + o.Listen, SecretKey: d.State.Store.SecretKey,
		PublishableKey: d.State.Store.PublishableKey, Client: &http.Client{Timeout: 15 * time.Second}, Logger: o.Logger})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open the demo shop: %w", err), g.Close())
	}
	pages.set(d.pages(store, inbox))
	return d, nil
}

// lateHandler is a handler that is known only after the gateway is.
type lateHandler struct{ next http.Handler }

func (l *lateHandler) set(h http.Handler) { l.next = h }

// ServeHTTP implements http.Handler.
func (l *lateHandler) ServeHTTP(w http.ResponseWriter, r *http.Request) { l.next.ServeHTTP(w, r) }

func loopbackPort(listen string) (string, error) {
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return "", fmt.Errorf("read the address to listen on: %w", err)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return "", ErrNotLoopback
	}
	return port, nil
}

// configure is the configuration of the demo: built-in defaults, everything embedded, whatever the environment says.
func configure(o Options, public string) (config.Config, error) {
	return config.Load(config.Source{Overrides: map[string]string{
		"listen": o.Listen, "public_url": public, "data_dir": o.DataDir,
		// The demo's university is on this machine.
		"outgoing.allow_private": "true",
		// Everybody who tries the demo comes from the same address.
		"limits.address_per_minute": "1000000", "limits.failures_per_minute": "1000000",
		"limits.key_per_second": "100000", "limits.key_burst": "100000",
	}})
}

// pages are the demo's own addresses beside its static files.
func (d *Demo) pages(store http.Handler, inbox *mail.Inbox) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/demo/api/", store)
	mux.HandleFunc("GET /demo/config.json", func(w http.ResponseWriter, r *http.Request) { d.answer(w, r, d.State.script()) })
	mux.HandleFunc("GET /demo/inbox.json", func(w http.ResponseWriter, r *http.Request) {
		list := inbox.List(r.URL.Query().Get("to"))
		if list == nil {
			list = []mail.Received{}
		}
		d.answer(w, r, list)
	})
	return mux
}

func (d *Demo) answer(w http.ResponseWriter, r *http.Request, v any) {
	if r.Header.Get("Sec-Fetch-Site") == "cross-site" {
		http.Error(w, "the demo's own pages and scripts only", http.StatusForbidden)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	// The client has gone when this fails.
	_ = json.NewEncoder(w).Encode(v)
}
