// Package shop is the backend of the demo storefront: a small book and gear shop that sells through the gateway's
// public HTTP API only, with its secret key, as any other shop would. It keeps customers and their orders in memory.
package shop

import (
	"crypto/rand"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Config is what the shop needs to know. Every field is required but Logger, Now and Random.
type Config struct {
	// BaseURL is the gateway's origin, such as http://localhost:8080, without a path.
	BaseURL string
	// SecretKey signs the shop's own calls; it never reaches a browser.
	SecretKey string
	// PublishableKey is handed to the widget.
	PublishableKey string
	// Client sends the calls; its timeout bounds each of them.
	Client *http.Client
	// Logger hears of calls that the gateway did not answer. slog.Default when nil.
	Logger *slog.Logger
	// Now is the shop's clock. time.Now when nil.
	Now func() time.Time
	// Random feeds customer ids and idempotency keys. crypto/rand when nil.
	Random io.Reader
}

// Shop serves the demo's own JSON API under /demo/api/. It is safe for concurrent use.
type Shop struct {
	gateway        *gateway
	publishableKey string
	customers      *customers
	logger         *slog.Logger
	now            func() time.Time
	mux            *http.ServeMux
}

// New builds the shop's handler. It calls nothing; an error says which part of the configuration is missing.
func New(config Config) (*Shop, error) {
	base, err := url.Parse(config.BaseURL)
	if err != nil || base.Host == "" || (base.Scheme != "http" && base.Scheme != "https") {
		return nil, errors.New("demo shop: the base URL must be an http or https origin")
	}
	if config.SecretKey == "" || config.PublishableKey == "" || config.Client == nil {
		return nil, errors.New("demo shop: secret key, publishable key and HTTP client are required")
	}
	if config.Logger == nil {
		config.Logger = slog.Default()
	}
	if config.Now == nil {
		config.Now = time.Now
	}
	if config.Random == nil {
		config.Random = rand.Reader
	}
	shop := &Shop{
		gateway: &gateway{
			origin: strings.TrimRight(config.BaseURL, "/"), secretKey: config.SecretKey, publishableKey: config.PublishableKey,
			client: config.Client, now: config.Now, random: config.Random,
		},
		publishableKey: config.PublishableKey,
		customers:      newCustomers(config.Random),
		logger:         config.Logger,
		now:            config.Now,
		mux:            http.NewServeMux(),
	}
	shop.route()
	return shop, nil
}

// ServeHTTP answers the demo's browser part.
func (s *Shop) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	s.mux.ServeHTTP(w, r)
}

func (s *Shop) route() {
	s.mux.HandleFunc("GET /demo/api/session", s.showSession)
	s.mux.HandleFunc("POST /demo/api/session/reset", s.resetSession)
	s.mux.HandleFunc("GET /demo/api/products", s.listProducts)
	s.mux.HandleFunc("POST /demo/api/price", s.price)
	s.mux.HandleFunc("POST /demo/api/checkout", s.checkout)
	s.mux.HandleFunc("GET /demo/api/orders", s.listOrders)
	s.mux.HandleFunc("POST /demo/api/orders/{order_id}/refund", s.refund)
	s.mux.HandleFunc("GET /demo/api/member", s.showMember)
	s.mux.HandleFunc("POST /demo/api/my-data", s.myData)
}
