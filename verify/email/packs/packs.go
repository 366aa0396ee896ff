// Package packs holds the domain lists that ship with the gateway. Program generate makes them from npm packages of
// exact versions; the manifest says which, and what the lists must be.
package packs

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
)

// The names of the packs.
const (
	// Academic: domains of schools and universities.
	Academic = "academic"
	// AcademicTLDs: domains under which only schools are registered, such as ac.uk.
	AcademicTLDs = "academic-tlds"
	// Abused: school domains whose addresses are sold or given to anybody.
	Abused = "academic-abused"
	// Stopped: domains under a school that are not for its students.
	Stopped = "academic-stopped"
	// Disposable: mail for minutes.
	Disposable = "disposable"
	// Free: mail providers where anybody can have an address.
	Free = "free"
)

//go:embed manifest.json *.txt.gz
var files embed.FS

// Pack is one list of domains, canonical and sorted.
type Pack struct {
	Name string `json:"name"`
	// Package and Version are where it comes from.
	Package string `json:"package"`
	Version string `json:"version"`
	// Count is the number of domains, Digest "sha256:" and the hex digest of them, one a line.
	Count   int      `json:"count"`
	Digest  string   `json:"digest"`
	Domains []string `json:"-"`
}

// Manifest lists the packs and the npm packages that they come from.
type Manifest struct {
	Sources []Source `json:"sources"`
	Packs   []Pack   `json:"packs"`
}

// Source is an npm package of an exact version, with the integrity that its registry names (SHA-512, base64).
type Source struct {
	Package   string `json:"package"`
	Version   string `json:"version"`
	Integrity string `json:"integrity"`
}

// Load reads all packs and checks each against the manifest. A digest that differs is an error: the gateway does not
// start with data that nobody reviewed.
func Load() (map[string]Pack, error) {
	raw, err := files.ReadFile("manifest.json")
	if err != nil {
		return nil, fmt.Errorf("reading the manifest of the domain packs: %w", err)
	}
	var m Manifest
	if err := json.Unmarshal(raw, &m); err != nil {
		return nil, fmt.Errorf("reading the manifest of the domain packs: %w", err)
	}
	found := map[string]Pack{}
	for _, p := range m.Packs {
		packed, err := files.ReadFile(path.Base(p.Name) + ".txt.gz")
		if err != nil {
			return nil, fmt.Errorf("reading the domain pack %s: %w", p.Name, err)
		}
		if p.Domains, err = unpack(packed, p); err != nil {
			return nil, fmt.Errorf("reading the domain pack %s: %w", p.Name, err)
		}
		found[p.Name] = p
	}
	for _, name := range []string{Academic, AcademicTLDs, Abused, Stopped, Disposable, Free} {
		if _, ok := found[name]; !ok {
			return nil, fmt.Errorf("the domain pack %s is missing", name)
		}
	}
	return found, nil
}

var errDigest = errors.New("its content is not what the manifest names")

func unpack(packed []byte, p Pack) ([]string, error) {
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(z)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(text)
	domains := strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
	if "sha256:"+hex.EncodeToString(sum[:]) != p.Digest || len(domains) != p.Count {
		return nil, errDigest
	}
	return domains, nil
}
