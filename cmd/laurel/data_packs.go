package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/laurel-gateway/laurel/cmd/laurel/gateway"
	"github.com/laurel-gateway/laurel/internal/config"
	"github.com/laurel-gateway/laurel/internal/database"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/verify"
	"github.com/laurel-gateway/laurel/verify/datapack"
)

// byOperator is who changes data packs from the command line.
var byOperator = verify.Actor{Name: "system"}

// packPlace says whose pack a command is about.
type packPlace struct {
	Store string `help:"A store's own pack; without it, one of the gateway's, which every store can use." placeholder:"sto_…"`
}

// packChange is what commands that change a pack have in common.
type packChange struct {
	packPlace
	DryRun   bool   `help:"Show the effect, and change nothing."`
	Affected string `help:"What becomes of attestations whose domain is no longer eligible: keep them until they lapse, or end them with their live tokens. Needed when there are any." enum:",keep,end" default:""`
}

type dataImportCommand struct {
	packChange
	Path    string `arg:"" help:"A plain list, the JSON of university-domains-list, a tar.gz of either or of swot, or the folder of swot." type:"path"`
	Name    string `help:"The pack. \"academic\" stands in place of the shipped list of schools." required:""`
	Purpose string `help:"What a plain list is for; other formats say it themselves." enum:"eligible,abused,stopped" default:"eligible"`
	Format  string `help:"plain, swot or universities; recognised when left out." enum:",plain,swot,universities" default:""`
	Digest  string `help:"Refuse any other content." placeholder:"sha256:…"`
	Source  string `help:"Where it is from, for people; the file's name when left out."`
}

type dataListCommand struct{ packPlace }

type dataHistoryCommand struct {
	packPlace
	Name string `arg:"" help:"The pack."`
}

type dataRollbackCommand struct {
	packChange
	Name string `arg:"" help:"The pack."`
	To   int    `help:"The version whose content comes back, as a new version." required:""`
}

type dataRemoveCommand struct {
	packChange
	Name string `arg:"" help:"The pack of the gateway."`
}

// withPacks opens what data packs are changed with.
func (t terminal) withPacks(ctx context.Context, place packPlace, fn func(verify.Librarian, verify.StoreRef) error) error {
	return t.withDatabase(ctx, func(cfg config.Config, db *database.DB) error {
		l, err := gateway.OpenLibrarian(ctx, cfg, db)
		if err != nil {
			return err
		}
		if place.Store == "" {
			return fn(l, verify.StoreRef{})
		}
		i := slices.IndexFunc(l.Stores, func(s verify.StoreRef) bool { return s.ID == place.Store })
		if i < 0 {
			return fmt.Errorf("there is no store %s", place.Store)
		}
		return fn(l, l.Stores[i])
	})
}

// Run imports a version of a pack.
func (c dataImportCommand) Run(ctx context.Context, t terminal) error {
	return t.withPacks(ctx, c.packPlace, func(l verify.Librarian, store verify.StoreRef) error {
		content, format, err := c.read(l.Domains)
		if err != nil {
			return explained(err)
		}
		newest, err := newestOf(ctx, l, store, c.Name)
		if err != nil {
			return err
		}
		if same(newest, content) {
			_, err := fmt.Fprintf(t.out, "%s version %d has these very domains: nothing is changed\n%s\n", c.Name, newest.Version, newest.Digest)
			return err
		}
		source := c.Source
		if source == "" {
			source = filepath.Base(c.Path)
		}
		in := verify.PackInput{Name: c.Name, Content: content, Format: format, Source: source, Digest: c.Digest, Version: newest.Version, Affected: verify.Affected(c.Affected)}
		var e verify.PackEffect
		switch {
		case store.ID == "":
			e, err = l.Save(ctx, byOperator, in, c.DryRun)
		case c.DryRun:
			e, err = l.PreviewPack(ctx, store, in)
		default:
			e, err = l.SavePack(ctx, store, byOperator, in)
		}
		return c.report(ctx, t, l, c.Name, e, err)
	})
}

// read reads the file or folder, within bounds.
func (c dataImportCommand) read(r datapack.Reader) (content *datapack.Content, format datapack.Format, err error) {
	info, err := os.Stat(c.Path)
	if err != nil {
		return nil, "", fmt.Errorf("open the data pack: %w", err)
	}
	if info.IsDir() {
		root, err := os.OpenRoot(c.Path)
		if err != nil {
			return nil, "", fmt.Errorf("open the data pack: %w", err)
		}
		defer func() { err = errors.Join(err, root.Close()) }()
		return r.Folder(root.FS(), datapack.Format(c.Format), verify.Purpose(c.Purpose))
	}
	file, err := os.Open(c.Path)
	if err != nil {
		return nil, "", fmt.Errorf("open the data pack: %w", err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	data, err := io.ReadAll(io.LimitReader(file, datapack.MaxInput+1))
	if err != nil {
		return nil, "", fmt.Errorf("read the data pack: %w", err)
	}
	return r.Bytes(data, datapack.Format(c.Format), verify.Purpose(c.Purpose))
}

// report says what was done, or would be.
func (c packChange) report(ctx context.Context, t terminal, l verify.Librarian, name string, e verify.PackEffect, err error) error {
	if fault.CodeOf(err) == fault.Conflict && !c.DryRun {
		return fmt.Errorf("%w (use --dry-run to see them, and --affected)", explained(err))
	}
	if err != nil {
		return explained(err)
	}
	v := e.Version
	what := fmt.Sprintf("%s version %d", name, v.Version)
	if v.Version == 0 {
		what = name + " removed"
	}
	in, out := datapack.Total(e.Change.In), datapack.Total(e.Change.Out)
	lines := []string{fmt.Sprintf("%s: %d domains in, %d out, %d attestations affected", what, in, out, e.Attestations)}
	for _, p := range datapack.Purposes() {
		if e.Change.In[p]+e.Change.Out[p] > 0 {
			lines = append(lines, fmt.Sprintf("  %-8s  %6d in  %6d out", p, e.Change.In[p], e.Change.Out[p]))
		}
	}
	for _, d := range e.Domains[:min(10, len(e.Domains))] {
		lines = append(lines, fmt.Sprintf("  %6d attestations by %s at %s", d.Attestations, d.Requirement, d.Domain))
	}
	if v.Digest != "" {
		lines = append(lines, v.Digest)
	}
	if c.DryRun {
		lines = append(lines, "nothing was changed")
	}
	if _, err := fmt.Fprintln(t.out, strings.Join(lines, "\n")); err != nil || c.DryRun || c.Affected != string(verify.EndAffected) {
		return err
	}
	ended, err := l.Settle(ctx)
	if err != nil {
		return fmt.Errorf("%d attestations ended; a running gateway ends the rest: %w", ended, err)
	}
	_, err = fmt.Fprintln(t.out, "the affected attestations are ended, and their live tokens revoked")
	return err
}

// Run lists packs.
func (c dataListCommand) Run(ctx context.Context, t terminal) error {
	return t.withPacks(ctx, c.packPlace, func(l verify.Librarian, store verify.StoreRef) error {
		packs, err := packsOf(ctx, l, store)
		if err != nil {
			return err
		}
		for _, p := range packs {
			whose, pinned := "store", ""
			if p.Gateway() {
				whose = "gateway"
			}
			if p.Pinned {
				pinned = fmt.Sprintf("  pinned; newest is version %d", p.Newest.Version)
			}
			v := p.InForce
			_, err := fmt.Fprintf(t.out, "%-20s  %-7s  version %d  %d eligible, %d abused, %d stopped  %s%s\n", p.Name, whose, v.Version, v.Eligible, v.Abused, v.Stopped, v.Digest, pinned)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// historyAtOnce is how many versions are read at a time.
const historyAtOnce = 100

// Run lists the versions of a pack, newest first.
func (c dataHistoryCommand) Run(ctx context.Context, t terminal) error {
	return t.withPacks(ctx, c.packPlace, func(l verify.Librarian, store verify.StoreRef) error {
		for before := 0; ; {
			var page []verify.PackVersion
			var err error
			if store.ID == "" {
				page, err = l.Versions(ctx, c.Name, before, historyAtOnce)
			} else {
				page, err = l.PackVersions(ctx, store, c.Name, before, historyAtOnce)
			}
			if err != nil {
				return err
			}
			for _, v := range page {
				if err := printVersion(t, v); err != nil {
					return err
				}
				before = v.Version
			}
			if len(page) < historyAtOnce {
				return nil
			}
		}
	})
}

func printVersion(t terminal, v verify.PackVersion) error {
	note := ""
	if v.RolledBackTo > 0 {
		note = fmt.Sprintf("  rolled back to version %d", v.RolledBackTo)
	}
	if v.Attestations > 0 {
		note += fmt.Sprintf("  %d attestations affected: %s", v.Attestations, v.Affected)
	}
	_, err := fmt.Fprintf(t.out, "%4d  %s  by %s  %s  from %q  %d in, %d out%s\n      %s\n", v.Version, v.CreatedAt.Format(time.RFC3339), v.By, v.Format, v.Source, v.In, v.Out, note, v.Digest)
	return err
}

// Run writes a new version with an older content.
func (c dataRollbackCommand) Run(ctx context.Context, t terminal) error {
	return t.withPacks(ctx, c.packPlace, func(l verify.Librarian, store verify.StoreRef) error {
		newest, err := newestOf(ctx, l, store, c.Name)
		if err != nil {
			return err
		}
		var e verify.PackEffect
		switch {
		case store.ID == "":
			e, err = l.RollBack(ctx, byOperator, c.Name, c.To, verify.Affected(c.Affected), c.DryRun)
		case c.DryRun:
			e, err = l.PreviewRollBack(ctx, store, c.Name, c.To, newest.Version)
		default:
			e, err = l.RollBackPack(ctx, store, byOperator, c.Name, c.To, newest.Version, verify.Affected(c.Affected))
		}
		return c.report(ctx, t, l, c.Name, e, err)
	})
}

// Run removes a pack of the gateway; a store's own goes from the console.
func (c dataRemoveCommand) Run(ctx context.Context, t terminal) error {
	if c.Store != "" {
		return errors.New("a store's own pack is deleted in its console")
	}
	return t.withPacks(ctx, c.packPlace, func(l verify.Librarian, _ verify.StoreRef) error {
		e, err := l.Delete(ctx, byOperator, c.Name, verify.Affected(c.Affected), c.DryRun)
		return c.report(ctx, t, l, c.Name, e, err)
	})
}

// packsOf lists the packs of a store, or those of the gateway.
func packsOf(ctx context.Context, l verify.Librarian, store verify.StoreRef) ([]verify.Pack, error) {
	if store.ID == "" {
		return l.Packs(ctx)
	}
	return l.Service.Packs(ctx, store)
}

// newestOf finds the newest version of a store's own pack, or of the gateway's; the zero value when there is none.
func newestOf(ctx context.Context, l verify.Librarian, store verify.StoreRef, name string) (verify.PackVersion, error) {
	packs, err := packsOf(ctx, l, store)
	i := slices.IndexFunc(packs, func(p verify.Pack) bool { return p.Store == store.ID && p.Name == name })
	if err != nil || i < 0 {
		return verify.PackVersion{}, err
	}
	return packs[i].Newest, nil
}

// same reports whether a version has these very domains, for the same purposes.
func same(v verify.PackVersion, c *datapack.Content) bool {
	return v.Version > 0 && v.Digest == c.Digest() && v.Eligible == c.Count(verify.Eligible) && v.Abused == c.Count(verify.Abused) && v.Stopped == c.Count(verify.Stopped)
}

// explained names what a refusal points at.
func explained(err error) error {
	f := fault.From(err)
	if f == nil {
		return err
	}
	lines := []string{f.Detail}
	for _, field := range f.Fields {
		lines = append(lines, "  "+strings.TrimPrefix(field.Pointer, "#/")+": "+field.Detail)
	}
	return errors.New(strings.Join(lines, "\n"))
}
