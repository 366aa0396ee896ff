package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/laurel-gateway/laurel/cmd/laurel/gateway"
	"github.com/laurel-gateway/laurel/internal/config"
	"github.com/laurel-gateway/laurel/internal/crypt"
	"github.com/laurel-gateway/laurel/internal/database"
)

type masterResealCommand struct{}

// Run seals everything anew that an older key sealed.
func (masterResealCommand) Run(ctx context.Context, t terminal) error {
	return t.withMaster(ctx, func(db *database.DB, master *crypt.Master) error {
		return database.Reseal(ctx, db, master, func(r database.Resealed) error {
			_, err := fmt.Fprintf(t.out, "%s.%s: %d values, %d sealed anew\n", r.Table, r.Column, r.Values, r.Outdated)
			return err
		})
	})
}

type masterPruneCommand struct{}

// errStillSealed says that old keys are still needed.
var errStillSealed = errors.New("old keys are still needed: run laurel keys master reseal, then try again in a few minutes")

// Run takes the old keys out of the configured file when nothing needs them.
func (masterPruneCommand) Run(ctx context.Context, t terminal) error {
	return t.withMaster(ctx, func(db *database.DB, master *crypt.Master) error {
		var left int64
		err := database.Outdated(ctx, db, master, func(r database.Resealed) error {
			left += r.Outdated
			if r.Outdated == 0 {
				return nil
			}
			_, err := fmt.Fprintf(t.out, "%s.%s: %d values of an old key\n", r.Table, r.Column, r.Outdated)
			return err
		})
		if err != nil {
			return err
		}
		jobs, err := database.SealedJobs(ctx, db, master)
		if err != nil {
			return err
		}
		if left > 0 || jobs > 0 {
			return fmt.Errorf("%w (%d values, %d jobs)", errStillSealed, left, jobs)
		}
		removed, err := master.Prune(time.Now())
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(t.out, "%d old keys are gone from the master key file. Back it up again; older backups of the database need the older file.\n", removed)
		return err
	})
}

func (t terminal) withMaster(ctx context.Context, fn func(*database.DB, *crypt.Master) error) error {
	return t.withDatabase(ctx, func(cfg config.Config, db *database.DB) error {
		master, err := gateway.OpenMaster(cfg)
		if err != nil {
			return err
		}
		return fn(db, master)
	})
}
