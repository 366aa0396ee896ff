package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/laurel-gateway/laurel/api/contract"
	"github.com/laurel-gateway/laurel/cmd/laurel/gateway"
	"github.com/laurel-gateway/laurel/internal/config"
	"github.com/laurel-gateway/laurel/internal/console"
	"github.com/laurel-gateway/laurel/internal/crypt"
	"github.com/laurel-gateway/laurel/internal/database"
	"github.com/laurel-gateway/laurel/offers/token"
)

type migrateCommand struct {
	Status bool `help:"Only say where the schema is."`
}

// Run migrates, or says where the schema is.
func (c migrateCommand) Run(ctx context.Context, t terminal) error {
	cfg, err := t.load(nil)
	if err != nil {
		return err
	}
	url := gateway.DatabaseURL(cfg)
	if !cfg.Database.URL.IsSet() {
		if err := os.MkdirAll(cfg.DataDir, 0o700); err != nil {
			return fmt.Errorf("make the data directory: %w", err)
		}
	}
	if !c.Status {
		if err := database.Migrate(ctx, url); err != nil {
			return err
		}
	}
	s, err := database.MigrationStatus(ctx, url)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(t.out, "schema %d of %d\n", s.Current, s.Newest)
	return err
}

type configCommand struct {
	Check configCheckCommand `cmd:"" help:"Check the configuration and list every problem."`
}

type openapiCommand struct {
	JSON bool `help:"As JSON."`
}

// Run writes the contract.
func (c openapiCommand) Run(t terminal) error {
	d, err := contract.Spec(contract.Version)
	if err != nil {
		return err
	}
	text := d.YAML
	if c.JSON {
		text = d.JSON
	}
	_, err = t.out.Write(text)
	return err
}

type adminCommand struct {
	Create adminCreateCommand `cmd:"" help:"Make an operator, who may do everything in every store."`
}

type adminCreateCommand struct {
	Email         string `help:"E-mail address to sign in with." required:""`
	Name          string `help:"Name to show." default:"Operator"`
	PasswordStdin bool   `help:"Read the password from standard input. Without it, one is made and printed once."`
}

// Run makes the operator.
func (c adminCreateCommand) Run(ctx context.Context, t terminal) error {
	password := rand.Text()
	if c.PasswordStdin {
		line, err := bufio.NewReader(io.LimitReader(os.Stdin, 4096)).ReadString('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return fmt.Errorf("read the password: %w", err)
		}
		password = strings.TrimRight(line, "\r\n")
	}
	return t.withDatabase(ctx, func(cfg config.Config, db *database.DB) error {
		if err := prepareSchema(ctx, cfg, false); err != nil {
			return err
		}
		s, err := console.NewService(console.Config{Storage: database.NewConsole(db)})
		if err != nil {
			return err
		}
		p, err := s.CreateOperator(ctx, c.Email, c.Name, password)
		if err != nil {
			return err
		}
		if c.PasswordStdin {
			_, err = fmt.Fprintf(t.out, "operator %s made; sign in at %s/admin\n", p.Email, cfg.PublicURL)
		} else {
			_, err = fmt.Fprintf(t.out, "operator %s made\npassword: %s\nsign in at %s/admin and change it\n", p.Email, password, cfg.PublicURL)
		}
		return err
	})
}

// withDatabase opens the configured database for a command.
func (t terminal) withDatabase(ctx context.Context, fn func(config.Config, *database.DB) error) (err error) {
	cfg, err := t.load(nil)
	if err != nil {
		return err
	}
	if !cfg.Database.URL.IsSet() {
		if err := prepareSchema(ctx, cfg, false); err != nil {
			return err
		}
	}
	db, err := gateway.OpenDatabase(ctx, cfg)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return fn(cfg, db)
}

type keysCommand struct {
	List   keysListCommand   `cmd:"" help:"List the keys."`
	Rotate keysRotateCommand `cmd:"" help:"Add the next key. No live token is lost."`
	Revoke keysRevokeCommand `cmd:"" help:"End a leaked key at once, and every token that it signed."`
	Master keysMasterCommand `cmd:"" help:"Manage the master key, which everything in the database is sealed with."`

	RotateTags keysRotateTagsCommand `cmd:"" help:"Add the next version of a store's person tags. Nobody is forgotten."`
	RetireTags keysRetireTagsCommand `cmd:"" help:"End an old version of a store's person tags, when nobody is known by it alone."`
}

func (t terminal) withKeys(ctx context.Context, fn func(database.SigningKeys) error) error {
	return t.withDatabase(ctx, func(cfg config.Config, db *database.DB) error {
		master, err := gateway.OpenMaster(cfg)
		if err != nil {
			return err
		}
		return fn(database.NewSigningKeys(db, master))
	})
}

type keysMasterCommand struct {
	Create masterCreateCommand `cmd:"" help:"Make a master key file."`
	Rotate masterRotateCommand `cmd:"" help:"Seal with a new key from now on. What older keys sealed stays readable."`
	Reseal masterResealCommand `cmd:"" help:"Seal anew what older keys sealed, while the gateway serves. Interrupted, run it again."`
	Prune  masterPruneCommand  `cmd:"" help:"Take the old keys out of the file, when nothing that they sealed is left."`
}

type masterCreateCommand struct {
	File string `arg:"" help:"The file to make. An existing one is left alone." type:"path"`
}

// Run makes the file.
func (c masterCreateCommand) Run(t terminal) error {
	if _, err := crypt.CreateMaster(c.File); err != nil {
		return err
	}
	_, err := fmt.Fprintf(t.out, "%s made. Back it up: without it nothing sealed can be read.\n", c.File)
	return err
}

type masterRotateCommand struct{}

// Run adds a key to the configured file.
func (masterRotateCommand) Run(t terminal) error {
	cfg, err := t.load(nil)
	if err != nil {
		return err
	}
	master, err := gateway.OpenMaster(cfg)
	if err != nil {
		return err
	}
	if err := master.Rotate(); err != nil {
		return err
	}
	_, err = fmt.Fprintln(t.out, "the master key file has a new key; replicas that share the file pick it up. Back it up again.")
	return err
}

type keysListCommand struct{}

// Run lists the keys.
func (keysListCommand) Run(ctx context.Context, t terminal) error {
	return t.withKeys(ctx, func(keys database.SigningKeys) error {
		list, err := keys.Keys(ctx)
		if err != nil {
			return err
		}
		for _, k := range list {
			if _, err := fmt.Fprintf(t.out, "%s  %-7s  made %s  %s\n", k.KID, k.Alg, k.CreatedAt.Format(time.RFC3339), stateOf(k, time.Now())); err != nil {
				return err
			}
		}
		return nil
	})
}

func stateOf(k token.Key, now time.Time) string {
	switch {
	case k.Revoked:
		return "revoked"
	case !k.NotAfter.IsZero() && !now.Before(k.NotAfter):
		return "ended"
	case now.Before(k.ActiveFrom):
		return "signs from " + k.ActiveFrom.Format(time.RFC3339)
	case !k.RetiredAt.IsZero() && !now.Before(k.RetiredAt):
		return "verifies until " + k.NotAfter.Format(time.RFC3339)
	}
	return "signs"
}

type keysRotateCommand struct {
	Alg  string        `help:"Only the key of this algorithm: ES256, EdDSA, Ed25519 or RS256. Without it, of every one that signs." enum:",ES256,EdDSA,Ed25519,RS256" default:""`
	Lead time.Duration `help:"How long the key is published before it signs: as long as anybody may keep the JWKS." default:"15m"`
}

// Run adds the next key of one algorithm, or of each that signs now.
func (c keysRotateCommand) Run(ctx context.Context, t terminal) error {
	return t.withKeys(ctx, func(keys database.SigningKeys) error {
		algs, err := c.algorithms(ctx, keys)
		if err != nil {
			return err
		}
		for _, alg := range algs {
			kid, err := keys.Rotate(ctx, alg, c.Lead)
			if err != nil {
				return err
			}
			if _, err = fmt.Fprintf(t.out, "%s  %-7s  signs in %s; replicas and verifiers learn of it meanwhile\n", kid, alg, c.Lead); err != nil {
				return err
			}
		}
		return nil
	})
}

func (c keysRotateCommand) algorithms(ctx context.Context, keys database.SigningKeys) ([]token.Alg, error) {
	if c.Alg != "" {
		return []token.Alg{token.Alg(c.Alg)}, nil
	}
	list, err := keys.Keys(ctx)
	if err != nil {
		return nil, err
	}
	algs := []token.Alg{token.ES256}
	for _, k := range list {
		if !slices.Contains(algs, k.Alg) && token.Signs(list, k.Alg, time.Now()) {
			algs = append(algs, k.Alg)
		}
	}
	return algs, nil
}

type keysRevokeCommand struct {
	KID string `arg:"" name:"kid" help:"The key's id, of laurel keys list."`
}

// Run ends a key.
func (c keysRevokeCommand) Run(ctx context.Context, t terminal) error {
	return t.withKeys(ctx, func(keys database.SigningKeys) error {
		if err := keys.Revoke(ctx, c.KID); err != nil {
			return err
		}
		_, err := fmt.Fprintf(t.out, "%s is revoked: replicas refuse its tokens within 5 seconds\n", c.KID)
		return err
	})
}

type verifyLedgerCommand struct {
	Store string `help:"Only this store." placeholder:"sto_…"`
}

// ErrLedgerBroken says that the books do not hold.
var ErrLedgerBroken = errors.New("the ledger is broken")

// Run checks the books and names what is broken.
func (c verifyLedgerCommand) Run(ctx context.Context, t terminal) error {
	return t.withDatabase(ctx, func(_ config.Config, db *database.DB) error {
		broken := 0
		members, err := database.NewCheckout(db).VerifyLedger(ctx, c.Store, func(f database.LedgerFault) {
			broken++
			// What cannot be printed still counts.
			_, _ = fmt.Fprintf(t.out, "%s %s: %s\n", f.Store, f.Member, f.Problem)
		})
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(t.out, "%d members checked, %d faults\n", members, broken); err != nil {
			return err
		}
		if broken > 0 {
			return ErrLedgerBroken
		}
		return nil
	})
}
