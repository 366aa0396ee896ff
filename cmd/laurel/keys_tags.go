package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/laurel-gateway/laurel/cmd/laurel/gateway"
	"github.com/laurel-gateway/laurel/internal/config"
	"github.com/laurel-gateway/laurel/internal/database"
	"github.com/laurel-gateway/laurel/internal/tenant"
)

// operator names, in the audit log, who works on the machine itself.
const operator = "operator"

type keysRotateTagsCommand struct {
	Store string `arg:"" help:"The store's id."`
}

// Run adds a version.
func (c keysRotateTagsCommand) Run(ctx context.Context, t terminal) error {
	return t.withStores(ctx, func(stores *tenant.Directory) error {
		version, err := stores.RotateTagKey(ctx, c.Store, operator)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(t.out, "person tags of %s are written under version %d too, here at once and elsewhere within %s\n", c.Store, version, tenant.CacheTTL)
		return err
	})
}

type keysRetireTagsCommand struct {
	Store   string `arg:"" help:"The store's id."`
	Version int    `arg:"" help:"The version to end."`
	Forget  bool   `help:"End it although people are known by it alone: they are strangers from then on."`
}

// errTagsNeeded says that people would be forgotten.
var errTagsNeeded = errors.New("the version is needed: wait until they have ended or were seen again, or use --forget")

// Run ends a version.
func (c keysRetireTagsCommand) Run(ctx context.Context, t terminal) error {
	return t.withStores(ctx, func(stores *tenant.Directory) error {
		needs, err := stores.RetireTagKey(ctx, c.Store, operator, c.Version, c.Forget)
		if err != nil && !errors.Is(err, tenant.ErrTagKeyNeeded) {
			return err
		}
		_, perr := fmt.Fprintf(t.out, "known under version %d alone: %d attestations, %d fraud labels, %d limits; %d counters of offers\n",
			c.Version, needs.Attestations, needs.Frauds, needs.Windows, needs.Uses)
		if err != nil {
			return errors.Join(errTagsNeeded, perr)
		}
		_, err = fmt.Fprintf(t.out, "version %d is retired\n", c.Version)
		return errors.Join(perr, err)
	})
}

func (t terminal) withStores(ctx context.Context, fn func(*tenant.Directory) error) error {
	return t.withDatabase(ctx, func(cfg config.Config, db *database.DB) error {
		master, err := gateway.OpenMaster(cfg)
		if err != nil {
			return err
		}
		stores, err := tenant.NewDirectory(tenant.Config{Storage: db, Master: master, Now: time.Now})
		if err != nil {
			return fmt.Errorf("open the stores: %w", err)
		}
		return fn(stores)
	})
}
