package gateway

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"time"

	"github.com/laurel-gateway/laurel/internal/config"
	"github.com/laurel-gateway/laurel/internal/database"
	"github.com/laurel-gateway/laurel/internal/tenant"
	"github.com/laurel-gateway/laurel/verify"
	"github.com/laurel-gateway/laurel/verify/registry"
	"github.com/laurel-gateway/laurel/verify/registry/bulk"
)

// ImportNPPES imports a file of the register of health care providers, and ends, in every store, the attestations that
// rest on numbers which the file says are over. progress may be nil.
func ImportNPPES(ctx context.Context, cfg config.Config, db *database.DB, file io.ReadSeeker, progress func(bulk.Report)) (bulk.Report, error) {
	master, err := OpenMaster(cfg)
	if err != nil {
		return bulk.Report{}, err
	}
	tenants, err := tenant.NewDirectory(tenant.Config{Storage: db, Master: master, Now: time.Now})
	if err != nil {
		return bulk.Report{}, fmt.Errorf("open the stores: %w", err)
	}
	storage := database.NewVerifyStorage(db, nil)
	proofs := verify.NewService(verify.Options{Storage: storage, Taggers: taggers{&Gateway{Tenants: tenants}}, Sealer: master, Random: rand.Reader})
	importer := bulk.Importer{Writer: storage, Progress: progress, Ended: func(ctx context.Context, numbers []string) error {
		return endNPIs(ctx, tenants, proofs, numbers)
	}}
	return importer.Import(ctx, file)
}

// endNPIs ends what rests on numbers, in every store.
func endNPIs(ctx context.Context, tenants *tenant.Directory, proofs *verify.Service, numbers []string) error {
	stores, err := tenants.Stores(ctx)
	if err != nil {
		return err
	}
	identifiers := make([]string, len(numbers))
	for i, number := range numbers {
		identifiers[i] = registry.NPIIdentifier(number)
	}
	for _, s := range stores {
		ref := verify.StoreRef{ID: s.ID, Test: s.Mode == tenant.Test}
		for _, group := range registry.NPIGroups() {
			if _, err := proofs.EndHeldBy(ctx, ref, verify.Actor{Name: "system"}, group, identifiers, "registry_deactivated"); err != nil {
				return fmt.Errorf("store %s: %w", s.ID, err)
			}
		}
	}
	return nil
}
