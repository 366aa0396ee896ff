// Command laurel is the gateway and its tools.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	// Time zones, for machines and images that have none.
	_ "time/tzdata"

	"github.com/alecthomas/kong"
	"github.com/laurel-gateway/laurel/internal/config"
)

// version is set when a release is built.
var version = "dev"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "laurel:", err)
		os.Exit(statusOf(err))
	}
}

// statusOf is the exit status of a failed command: 1, unless the error names another.
func statusOf(err error) int {
	var named interface{ ExitStatus() int }
	if errors.As(err, &named) {
		return named.ExitStatus()
	}
	return 1
}

// commands are the words of the command line.
type commands struct {
	Config string `help:"Configuration file (YAML). LAUREL_CONFIG names one too." type:"path" placeholder:"FILE"`

	Demo         demoCommand         `cmd:"" help:"Run the ten-minute tour: everything embedded, seeded, on this machine."`
	Serve        serveCommand        `cmd:"" help:"Run the gateway."`
	Ready        readyCommand        `cmd:"" help:"Ask a running gateway whether it is ready; the exit status says it too."`
	Migrate      migrateCommand      `cmd:"" help:"Bring the database to the schema of this version."`
	Backup       backupCommand       `cmd:"" help:"Copy the embedded database to a file, while the gateway goes on."`
	Admin        adminCommand        `cmd:"" help:"Manage the people of the console."`
	Keys         keysCommand         `cmd:"" help:"Manage the keys that sign offer tokens."`
	Data         dataCommand         `cmd:"" help:"Import data that verifiers decide by."`
	Verify       verifyCommand       `cmd:"" help:"Look into verifications."`
	VerifyLedger verifyLedgerCommand `cmd:"" name:"verify-ledger" help:"Check the books: chains, balances, lots, sums of zero."`
	Reconcile    reconcileCommand    `cmd:"" help:"Compare the storefront's orders with what is known here, and list what differs."`
	ConfigCheck  configCommand       `cmd:"" name:"config" help:"Work with the configuration."`
	Openapi      openapiCommand      `cmd:"" help:"Write the API's contract (OpenAPI 3.1)."`
	Redteam      redteamCommand      `cmd:"" help:"Attack a deployment from outside, in a test store, and say what got through."`
	Bench        benchCommand        `cmd:"" help:"Measure the gateway against what the machine can do."`
	Version      versionCommand      `cmd:"" help:"Say which version this is."`
}

// terminal is where a command speaks.
type terminal struct {
	out    io.Writer
	errors io.Writer
	config string
}

// load reads the configuration; flags of the command line win.
func (t terminal) load(overrides map[string]string) (config.Config, error) {
	return config.Load(config.Source{File: t.config, Environ: os.Environ(), Overrides: overrides})
}

func run(ctx context.Context, args []string, out, complaints io.Writer) error {
	var c commands
	exited := false
	parser, err := kong.New(&c, kong.Name("laurel"), kong.Description("Identity-verified offers and loyalty, behind one API."),
		kong.UsageOnError(), kong.Writers(out, complaints), kong.Exit(func(int) { exited = true }), kong.BindTo(ctx, (*context.Context)(nil)))
	if err != nil {
		return fmt.Errorf("read the command line: %w", err)
	}
	parsed, err := parser.Parse(args)
	if exited {
		return nil
	}
	if err != nil {
		return err
	}
	return parsed.Run(terminal{out: out, errors: complaints, config: c.Config})
}

// commitOf is the revision that the binary was built from, where it is known.
func commitOf() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return s.Value
		}
	}
	return "unknown"
}

type versionCommand struct{}

// Run prints the version.
func (versionCommand) Run(t terminal) error {
	_, err := fmt.Fprintf(t.out, "laurel %s (%s)\n", version, commitOf())
	return err
}
