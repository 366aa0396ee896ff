package checkout

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/internal/tenant"
	"github.com/laurel-gateway/laurel/offers/token"
	"github.com/maypok86/otter/v2"
)

// statusLists bounds the lists that a process keeps built: of at most some 20 KiB each.
const statusLists = 256

// statusPath is where the lists are, below the issuer.
const statusPath = "/v1/status-lists/"

func (s *Service) statusURI(list string) string { return s.Issuer + statusPath + list }

// StatusList is a signed status list.
type StatusList struct {
	// JWT is the list in its compact form.
	JWT string
	// BuiltAt is when it was read from the database, by the real clock. It is not asked for again within StatusListTTL.
	BuiltAt time.Time
}

// StatusLists builds and keeps signed status lists: each at most once in token.StatusListTTL, however often it is asked
// for. Safe for concurrent use.
type StatusLists struct {
	reader  Reader
	tokens  Tokens
	stores  Stores
	service *Service
	now     func() time.Time
	built   *otter.Cache[string, StatusList]
}

// Stores finds stores (tenant.Directory).
type Stores interface {
	Store(ctx context.Context, id string) (*tenant.Store, error)
}

// NewStatusLists returns the lists of a service's attestations. now is the real clock.
func NewStatusLists(s *Service, stores Stores, now func() time.Time) (*StatusLists, error) {
	built, err := otter.New(&otter.Options[string, StatusList]{MaximumSize: statusLists})
	if err != nil {
		return nil, fmt.Errorf("make the cache of status lists: %w", err)
	}
	return &StatusLists{reader: s.Reader, tokens: s.Tokens, stores: stores, service: s, now: now, built: built}, nil
}

// ErrStatusListMissing says that there is no such list.
var ErrStatusListMissing = fault.New(fault.NotFound, "There is no such status list.")

// Get returns a list, read from the database within the last minute. Faults: not_found.
func (l *StatusLists) Get(ctx context.Context, id string) (StatusList, error) {
	if !strings.HasPrefix(id, "stl_") {
		return StatusList{}, ErrStatusListMissing
	}
	if built, ok := l.built.GetIfPresent(id); ok {
		if age := l.now().Sub(built.BuiltAt); age >= 0 && age < token.StatusListTTL {
			return built, nil
		}
		l.built.Invalidate(id)
	}
	got, err := l.built.Get(ctx, id, otter.LoaderFunc[string, StatusList](func(ctx context.Context, id string) (StatusList, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), statusTimeout)
		defer cancel()
		return l.build(ctx, id)
	}))
	if errors.Is(err, otter.ErrNotFound) {
		return StatusList{}, ErrStatusListMissing
	}
	return got, err
}

// statusTimeout bounds the building of a list, which goes on when the one who asked first has gone.
const statusTimeout = 5 * time.Second

func (l *StatusLists) build(ctx context.Context, id string) (StatusList, error) {
	storeID, bits, _, found, err := l.reader.StatusList(ctx, id)
	if err != nil {
		return StatusList{}, fmt.Errorf("read a status list: %w", err)
	}
	if !found {
		return StatusList{}, otter.ErrNotFound
	}
	store, err := l.stores.Store(ctx, storeID)
	if err != nil {
		return StatusList{}, err
	}
	now := l.now()
	payload, err := token.StatusList{URI: l.service.statusURI(id), Bits: bits, IssuedAt: store.Now(now)}.Payload()
	if err != nil {
		return StatusList{}, err
	}
	jwt, err := l.tokens.SignDocument(ctx, token.Alg(store.TokenAlgorithm()), token.StatusListTyp, payload)
	return StatusList{JWT: jwt, BuiltAt: now}, err
}
