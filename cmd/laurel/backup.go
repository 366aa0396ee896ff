package main

import (
	"context"
	"fmt"

	"github.com/laurel-gateway/laurel/internal/config"
	"github.com/laurel-gateway/laurel/internal/database"
)

type backupCommand struct {
	File string `arg:"" help:"The copy to make. An existing file is left alone." type:"path"`
}

// Run copies the embedded database while the gateway goes on.
func (c backupCommand) Run(ctx context.Context, t terminal) error {
	return t.withDatabase(ctx, func(_ config.Config, db *database.DB) error {
		if err := db.BackUp(ctx, c.File); err != nil {
			return err
		}
		_, err := fmt.Fprintf(t.out, "copied to %s; back up the master key too, apart from it\n", c.File)
		return err
	})
}
