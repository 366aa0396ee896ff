// Command laurel is the gateway and its tools.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

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
		os.Exit(1)
	}
}

// commands are the words of the command line.
type commands struct {
	Config string `help:"Configuration file (YAML). LAUREL_CONFIG names one too." type:"path" placeholder:"FILE"`

	Demo         demoCommand         `cmd:"" help:"Run the ten-minute tour: everything embedded, seeded, on this machine."`
	Serve        serveCommand        `cmd:"" help:"Run the gateway."`
	Migrate      migrateCommand      `cmd:"" help:"Bring the database to the schema of this version."`
	Admin        adminCommand        `cmd:"" help:"Manage the people of the console."`
	Keys         keysCommand         `cmd:"" help:"Manage the keys that sign offer tokens."`
	VerifyLedger verifyLedgerCommand `cmd:"" name:"verify-ledger" help:"Check the books: chains, balances, lots, sums of zero."`
	ConfigCheck  configCommand       `cmd:"" name:"config" help:"Work with the configuration."`
	Openapi      openapiCommand      `cmd:"" help:"Write the API's contract (OpenAPI 3.1)."`
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

func run(ctx context.Context, args []string, out, errors io.Writer) error {
	var c commands
	exited := false
	parser, err := kong.New(&c, kong.Name("laurel"), kong.Description("Identity-verified offers and loyalty, behind one API."),
		kong.UsageOnError(), kong.Writers(out, errors), kong.Exit(func(int) { exited = true }), kong.BindTo(ctx, (*context.Context)(nil)))
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
	return parsed.Run(terminal{out: out, errors: errors, config: c.Config})
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
