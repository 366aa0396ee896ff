package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/laurel-gateway/laurel/verify/email"
)

// schools reads swot's folders: the file lib/domains/edu/mit.txt stands for mit.edu.
func schools(dir string) ([]string, error) {
	root := filepath.Join(dir, "data", "lib", "domains")
	var domains []string
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".txt" {
			return err
		}
		relative, err := filepath.Rel(root, strings.TrimSuffix(path, ".txt"))
		if err != nil {
			return err
		}
		labels := strings.Split(filepath.ToSlash(relative), "/")
		if len(labels) == 1 {
			return nil // abused.txt, stoplist.txt and tlds.txt are lists, not schools
		}
		slices.Reverse(labels)
		domains = append(domains, strings.Join(labels, "."))
		return nil
	})
	return domains, err
}

// lines reads a text file with one domain a line.
func lines(path string) func(dir string) ([]string, error) {
	return func(dir string) ([]string, error) {
		raw, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(path)))
		return strings.Split(string(raw), "\n"), err
	}
}

// blacklist reads mailchecker's one set, which stands in its source as a JSON array.
func blacklist(dir string) ([]string, error) {
	raw, err := os.ReadFile(filepath.Join(dir, "platform", "node", "index.js"))
	if err != nil {
		return nil, err
	}
	_, rest, found := strings.Cut(string(raw), "new Set([")
	list, _, closed := strings.Cut(rest, "])")
	if !found || !closed {
		return nil, errors.New("its list is not where it was")
	}
	var domains []string
	if err := json.Unmarshal([]byte("["+list+"]"), &domains); err != nil {
		return nil, fmt.Errorf("reading its list: %w", err)
	}
	return domains, nil
}

func freeDomains(dir string) ([]string, error) {
	raw, err := os.ReadFile(filepath.Join(dir, "domains.json"))
	if err != nil {
		return nil, err
	}
	var domains []string
	return domains, json.Unmarshal(raw, &domains)
}

var topLevel = regexp.MustCompile(`^[a-z]{2,63}$`)

// canonical returns the domains in canonical form, sorted, each once. What is no domain is left out. Whole top-level
// domains stay: "edu" is academic, and swot stops some that are given away.
func canonical(raw []string) []string {
	var domains []string
	for _, text := range raw {
		text = strings.ToLower(strings.TrimSpace(text))
		if text == "" {
			continue
		}
		domain, err := email.CanonicalDomain(text)
		if err != nil {
			if !topLevel.MatchString(text) {
				fmt.Fprintf(os.Stderr, "left out: %q\n", text)
				continue
			}
			domain = text
		}
		domains = append(domains, domain)
	}
	slices.Sort(domains)
	return slices.Compact(domains)
}
