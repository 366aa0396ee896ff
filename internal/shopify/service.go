package shopify

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/laurel-gateway/laurel/internal/checkout"
	"github.com/laurel-gateway/laurel/internal/circuit"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/internal/tenant"
)

// State says how far the making of a code came.
type State string

// The states of a code.
const (
	// Asked says that Shopify was, or is about to be, asked for the code.
	Asked State = "asked"
	// Minted says that the code is in the shop.
	Minted State = "minted"
)

// Code is a discount code in the shop that stands for one offer token.
type Code struct {
	Store string
	JTI   string
	// MAC is the keyed hash of the code's text. The text itself is made of the token's id, and kept nowhere.
	MAC []byte
	// NodeID is Shopify's id of the discount.
	NodeID string
	State  State
	// ExpiresAt is the real time at which the shop stops taking the code.
	ExpiresAt time.Time
	CreatedAt time.Time
	UpdatedAt time.Time
}

// Storage keeps connections and codes. None of its methods calls Shopify.
type Storage interface {
	// Connection returns the connection of a store, and whether there is one.
	Connection(ctx context.Context, store string) (Connection, bool, error)
	// SaveConnection writes a connection, new or changed, with its audit entry, and returns it as it is kept.
	SaveConnection(ctx context.Context, c Connection, audit tenant.AuditEntry) (*Connection, error)
	// DeleteConnection ends a store's connection. Fault: ErrNotConnected.
	DeleteConnection(ctx context.Context, store string, audit tenant.AuditEntry) (*Connection, error)
	// Ask writes the row of a code before it is made. It returns the row that is there now, and whether it is new.
	Ask(ctx context.Context, c Code) (Code, bool, error)
	// Mark notes that a code is in the shop, as the answer of the request that ctx belongs to.
	Mark(ctx context.Context, c Code) (*Code, error)
	// Tokens returns the ids of the tokens that codes of the shop stand for, by MAC.
	Tokens(ctx context.Context, store string, macs [][]byte) (map[string]string, error)
}

// Checkout carries out what the adapter finds (internal/checkout.Service).
type Checkout interface {
	Offered(ctx context.Context, store *tenant.Store, raw, customer string) (checkout.Offered, error)
	TakeOrder(ctx context.Context, store *tenant.Store, o checkout.StorefrontOrder) (checkout.Told, error)
	TakeRefund(ctx context.Context, store *tenant.Store, r checkout.StorefrontRefund) (checkout.Told, error)
}

// Config is what a Service needs.
type Config struct {
	Storage  Storage
	Checkout Checkout
	// Client reaches shops. It refuses addresses that the gateway may not reach (internal/egress).
	Client *http.Client
	// Endpoint gives the address of a shop's Admin API; nil means Shopify's own (Endpoint).
	Endpoint func(shop, version string) string
	Now      func() time.Time
	// Pause waits before a try is repeated; nil means on the real clock.
	Pause  func(ctx context.Context, d time.Duration) error
	Logger *slog.Logger
}

// Service connects stores with their shops.
type Service struct {
	Config
	// breakers keep a shop that does not answer from costing every request its time: one a shop.
	breakers sync.Map
}

// NewService returns a service.
func NewService(c Config) *Service {
	if c.Endpoint == nil {
		c.Endpoint = Endpoint
	}
	if c.Pause == nil {
		c.Pause = pause
	}
	return &Service{Config: c}
}

func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

func (s *Service) breaker(shop string) *circuit.Breaker {
	b, _ := s.breakers.LoadOrStore(shop, circuit.NewBreaker(s.Now))
	return b.(*circuit.Breaker)
}

// ErrNotConnected says that a store has no Shopify shop.
var ErrNotConnected = fault.New(fault.NotFound, "This store is not connected to a Shopify shop.")

// Connection returns a store's connection. Fault: ErrNotConnected.
func (s *Service) Connection(ctx context.Context, store string) (Connection, error) {
	c, ok, err := s.Storage.Connection(ctx, store)
	if err == nil && !ok {
		err = ErrNotConnected
	}
	return c, err
}

// Connect ties a store to a shop, or changes how. It asks the shop first, which proves that the secrets work and gives
// the shop's currency. Faults: invalid, integration_refused, unavailable.
func (s *Service) Connect(ctx context.Context, store *tenant.Store, c Connection, secrets Secrets, audit tenant.AuditEntry) (*Connection, error) {
	c.Store = store.ID
	if err := c.check(secrets); err != nil {
		return nil, err
	}
	var err error
	if c.Currency, err = s.admin(c, secrets).currency(ctx); err != nil {
		return nil, err
	}
	if c.Sealed, err = seal(store.Keys(), store.ID, secrets); err != nil {
		return nil, err
	}
	return s.Storage.SaveConnection(ctx, c, audit)
}

// Disconnect ends a store's connection. Codes that are in the shop end by themselves; webhooks are refused from now on.
// Fault: ErrNotConnected.
func (s *Service) Disconnect(ctx context.Context, store *tenant.Store, audit tenant.AuditEntry) (*Connection, error) {
	return s.Storage.DeleteConnection(ctx, store.ID, audit)
}
