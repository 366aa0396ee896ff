package datapack

import (
	"archive/tar"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"github.com/laurel-gateway/laurel/internal/fault"
)

// tarMagic stands in every header of a tar archive, at this place (POSIX.1-1988, ustar).
const (
	tarMagic      = "ustar"
	tarMagicPlace = 257
	// tarEnd is how many zeros end an archive.
	tarEnd = 1024
)

func isTar(data []byte) bool {
	return len(data) > tarMagicPlace && bytes.HasPrefix(data[tarMagicPlace:], []byte(tarMagic))
}

// gathered are the files of an archive or a folder, by their paths with slashes, and how large they are in all.
type gathered struct {
	files map[string][]byte
	size  int64
}

// untar reads the files of an archive. One with links, devices or paths that lead out of it is refused: no list needs
// them.
func untar(data []byte) (map[string][]byte, error) {
	g := gathered{files: map[string][]byte{}}
	// Package tar takes an archive that was cut between two files for a whole one.
	if len(data) < tarEnd || len(bytes.Trim(data[len(data)-tarEnd:], "\x00")) > 0 {
		return nil, fault.New(fault.Invalid, "The archive cannot be read.").At("#/archive", "cut off")
	}
	for archive := tar.NewReader(bytes.NewReader(data)); ; {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return g.files, nil
		}
		if err != nil {
			return nil, fault.New(fault.Invalid, "The archive cannot be read.").At("#/archive", "not a whole tar archive").Wrap(err)
		}
		switch header.Typeflag {
		case tar.TypeReg:
			if err := g.add(header.Name, header.Size, archive); err != nil {
				return nil, err
			}
		case tar.TypeDir, tar.TypeXGlobalHeader:
		default:
			return nil, fault.New(fault.Invalid, "The archive has something else than files and folders.").At(pointerTo(header.Name), "a link or a device")
		}
	}
}

// walk reads the files of a folder.
func walk(folder fs.FS) (map[string][]byte, error) {
	g := gathered{files: map[string][]byte{}}
	err := fs.WalkDir(folder, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return fmt.Errorf("read the folder: %w", err)
		case entry.IsDir():
			if name != "." && strings.HasPrefix(path.Base(name), ".") {
				return fs.SkipDir
			}
			return nil
		case !entry.Type().IsRegular():
			return fault.New(fault.Invalid, "The folder has something else than files and folders.").At(pointerTo(name), "a link or a device")
		}
		return g.open(folder, name)
	})
	return g.files, err
}

func (g *gathered) open(folder fs.FS, name string) (err error) {
	f, err := folder.Open(name)
	if err != nil {
		return fmt.Errorf("read the folder: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	info, err := f.Stat()
	if err != nil {
		return fmt.Errorf("read the folder: %w", err)
	}
	return g.add(name, info.Size(), f)
}

// add reads one file whole, within the limits.
func (g *gathered) add(name string, size int64, from io.Reader) error {
	local := strings.TrimPrefix(name, "./")
	if !utf8.ValidString(name) || strings.ContainsAny(name, "\\\x00") || !filepath.IsLocal(local) || path.Clean(local) != local {
		return fault.New(fault.Invalid, "A path in the archive leads out of it.").At(pointerTo(name), "not a path below the archive")
	}
	if size < 0 || size > MaxInput || g.size+size > maxUnpacked || len(g.files) >= maxFiles {
		return fault.New(fault.Invalid, "The archive holds too much.").At(pointerTo(name), "too large, or one file too many")
	}
	if _, twice := g.files[local]; twice {
		return fault.New(fault.Invalid, "The archive has a file twice.").At(pointerTo(name), "there twice")
	}
	text, err := io.ReadAll(io.LimitReader(from, size))
	if err != nil {
		return fault.New(fault.Invalid, "The archive cannot be read.").At(pointerTo(name), "cut off").Wrap(err)
	}
	g.files[local], g.size = text, g.size+size
	return nil
}

// pointerTo names a file in a refusal; what is not readable text is not shown.
func pointerTo(name string) string {
	return "#/archive/" + strings.ToValidUTF8(name[:min(len(name), 200)], "?")
}
