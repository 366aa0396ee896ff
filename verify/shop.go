package verify

import (
	"context"
	"fmt"
	"sync"

	"github.com/laurel-gateway/laurel/internal/fault"
)

// shop is one store's settings, read and ready: its groups and its opened verifiers, at one revision.
type shop struct {
	store     StoreRef
	revision  int64
	catalogue *Catalogue
	settings  map[Requirement]Setting
	packs     []OpenPack

	registry  *Registry
	sealer    Sealer
	mailReady bool

	mu     sync.Mutex
	opened map[Requirement]opened
}

type opened struct {
	verifier Verifier
	err      error
}

// shop returns the store's settings, read anew when their revision changed.
func (s *Service) shop(ctx context.Context, store StoreRef) (*shop, error) {
	var found *shop
	err := s.Storage.Read(ctx, store.ID, func(ctx context.Context, tx Tx) error {
		revision, err := tx.SettingsRevision(ctx)
		if err != nil {
			return err
		}
		s.mu.Lock()
		cached := s.shops[store]
		s.mu.Unlock()
		if cached != nil && cached.revision == revision {
			found = cached
			return nil
		}
		found, err = s.loadShop(ctx, tx, store, revision)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("reading the store's settings: %w", err)
	}
	s.mu.Lock()
	if known := s.shops[store]; known == nil || known.revision < found.revision {
		s.shops[store] = found
	}
	s.mu.Unlock()
	return found, nil
}

func (s *Service) loadShop(ctx context.Context, tx Tx, store StoreRef, revision int64) (*shop, error) {
	groups, err := tx.OwnGroups(ctx)
	if err != nil {
		return nil, err
	}
	catalogue, err := NewCatalogue(groups...)
	if err != nil {
		return nil, err
	}
	settings, err := tx.Settings(ctx)
	if err != nil {
		return nil, err
	}
	packs, err := s.openPacks(ctx, tx)
	if err != nil {
		return nil, err
	}
	shop := &shop{
		store: store, revision: revision, catalogue: catalogue, packs: packs, settings: map[Requirement]Setting{},
		registry: s.Registry, sealer: s.Sealer, mailReady: s.MailReady, opened: map[Requirement]opened{},
	}
	for _, setting := range settings {
		shop.settings[setting.Requirement()] = setting
	}
	return shop, nil
}

// Instance returns the opened verifier of a requirement. Faults: invalid, mail_unavailable, test_store_only.
func (s *shop) Instance(r Requirement) (Verifier, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	o, ok := s.opened[r]
	if !ok {
		o.verifier, o.err = s.open(r)
		s.opened[r] = o
	}
	return o.verifier, o.err
}

func (s *shop) open(r Requirement) (Verifier, error) {
	setting := s.settings[r]
	secret, err := openSecret(s.sealer, s.store.ID, setting)
	if err != nil {
		return nil, err
	}
	v, err := s.registry.open(s.store, r, setting.Config, secret, s.packs)
	if err != nil {
		return nil, err
	}
	if m, ok := v.(Mailing); ok && m.SendsMail() && !s.mailReady {
		return nil, fault.New(fault.MailUnavailable, "This verifier sends mail, and the gateway has no mail server configured.")
	}
	return v, nil
}

// open decodes, validates and opens one instance.
func (r *Registry) open(store StoreRef, req Requirement, raw []byte, secret string, packs []OpenPack) (Verifier, error) {
	config, err := r.Decode(req.Verifier(), req.Instance(), raw)
	if err != nil {
		return nil, err
	}
	return config.Open(Opening{Store: store, Instance: req.Instance(), Secret: secret, Packs: packs})
}

// secretFor is the associated data of an instance's secret: it opens nowhere else.
func secretFor(store string, setting Setting) []byte {
	return []byte("verifier secret|" + store + "|" + string(setting.Requirement()))
}

func openSecret(sealer Sealer, store string, setting Setting) (string, error) {
	if len(setting.Secret) == 0 {
		return "", nil
	}
	plain, err := sealer.Open(setting.Secret, secretFor(store, setting))
	if err != nil {
		return "", fmt.Errorf("opening a verifier's secret: %w", err)
	}
	return string(plain), nil
}
