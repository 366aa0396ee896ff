package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/laurel-gateway/laurel/cmd/laurel/gateway"
	"github.com/laurel-gateway/laurel/internal/config"
	"github.com/laurel-gateway/laurel/internal/database"
	"github.com/laurel-gateway/laurel/verify/registry/bulk"
)

type dataCommand struct {
	Import   dataImportCommand   `cmd:"" help:"Import a data pack: a list of mail domains."`
	List     dataListCommand     `cmd:"" help:"List data packs."`
	History  dataHistoryCommand  `cmd:"" help:"List the versions of a data pack."`
	Rollback dataRollbackCommand `cmd:"" help:"Bring an older version of a data pack back, as a new one."`
	Remove   dataRemoveCommand   `cmd:"" help:"Remove a data pack of the gateway."`
	Registry dataRegistryCommand `cmd:"" help:"Public registers of professions."`
}

type dataRegistryCommand struct {
	Import registryImportCommand `cmd:"" help:"Import a file of NPPES: the monthly one, a weekly one, or the list of deactivated numbers."`
}

type registryImportCommand struct {
	File  string `arg:"" help:"The unzipped CSV file, with NPPES's own column names." type:"existingfile"`
	Quiet bool   `help:"Say nothing until the end."`
}

// reportEvery is how many rows lie between two lines of progress.
const reportEvery = 100_000

// Run imports the file, or goes on where an earlier run stopped.
func (c registryImportCommand) Run(ctx context.Context, t terminal) error {
	return t.withDatabase(ctx, func(cfg config.Config, db *database.DB) (err error) {
		file, err := os.Open(c.File)
		if err != nil {
			return fmt.Errorf("open the file: %w", err)
		}
		defer func() { err = errors.Join(err, file.Close()) }()
		report, err := gateway.ImportNPPES(ctx, cfg, db, file, c.progress(t))
		if err != nil && report.Rows > 0 {
			return fmt.Errorf("after %d rows (run it again to go on from there): %w", report.Rows, err)
		}
		if err != nil {
			return err
		}
		if report.Before {
			_, err = fmt.Fprintf(t.out, "this file was imported before: %d rows\n", report.Rows)
			return err
		}
		_, err = fmt.Fprintf(t.out, "%d rows read, %d of them by an earlier run; %d records written, %d rows of others skipped, %d numbers ended\n",
			report.Rows, report.Resumed, report.Written, report.Skipped, report.Ended)
		return err
	})
}

func (c registryImportCommand) progress(t terminal) func(bulk.Report) {
	next := int64(reportEvery)
	return func(r bulk.Report) {
		if c.Quiet || r.Rows < next {
			return
		}
		next = r.Rows + reportEvery
		// What cannot be printed does not stop the import.
		_, _ = fmt.Fprintf(t.errors, "%d rows, %d %%\n", r.Rows, 100*r.Bytes/max(1, r.Size))
	}
}
