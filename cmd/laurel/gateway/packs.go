package gateway

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"github.com/laurel-gateway/laurel/internal/config"
	"github.com/laurel-gateway/laurel/internal/database"
	"github.com/laurel-gateway/laurel/internal/tenant"
	"github.com/laurel-gateway/laurel/verify"
	"github.com/laurel-gateway/laurel/verify/email"
)

// OpenLibrarian opens what an operator changes data packs with: those of the gateway, and, through its Service, those of
// stores. It knows no verifiers but those that decide by data packs.
func OpenLibrarian(ctx context.Context, cfg config.Config, db *database.DB) (verify.Librarian, error) {
	var l verify.Librarian
	master, err := OpenMaster(cfg)
	if err != nil {
		return l, err
	}
	tenants, err := tenant.NewDirectory(tenant.Config{Storage: db, Master: master, Now: time.Now})
	if err != nil {
		return l, fmt.Errorf("open the stores: %w", err)
	}
	shipped, err := email.LoadShipped()
	if err != nil {
		return l, fmt.Errorf("load the domain packs: %w", err)
	}
	kinds, err := verify.NewRegistry(email.New(shipped, rand.Reader))
	if err != nil {
		return l, fmt.Errorf("list the verifiers: %w", err)
	}
	stores, err := tenants.Stores(ctx)
	if err != nil {
		return l, err
	}
	for _, s := range stores {
		l.Stores = append(l.Stores, verify.StoreRef{ID: s.ID, Test: s.Mode == tenant.Test})
	}
	storage := database.NewVerifyStorage(db, nil)
	l.Library = storage
	l.Service = verify.NewService(verify.Options{
		Storage: storage, Registry: kinds, Taggers: taggers{&Gateway{Tenants: tenants}}, Sealer: master, Random: rand.Reader,
		// Nothing is sent, and what a domain proves does not depend on it.
		MailReady: true, Domains: shipped.ListReader(),
	})
	return l, nil
}
