package crypt

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// stamp tells whether a file is still the one that was read.
type stamp struct {
	modified time.Time
	size     int64
	mode     fs.FileMode
}

func stampOf(path string) (stamp, error) {
	info, err := os.Stat(path)
	if err != nil {
		return stamp{}, err
	}
	return stamp{modified: info.ModTime(), size: info.Size(), mode: info.Mode()}, nil
}

// createFile writes a file that must not exist. The link makes it appear whole, and fails when the name is taken.
func createFile(path string, raw []byte) error {
	temporary, err := writeBeside(path, raw)
	if err != nil {
		return err
	}
	err = os.Link(temporary, path)
	return errors.Join(err, os.Remove(temporary), syncDirectory(path))
}

// replaceFile puts raw in the place of a file.
func replaceFile(path string, raw []byte) error {
	temporary, err := writeBeside(path, raw)
	if err != nil {
		return err
	}
	if err := os.Rename(temporary, path); err != nil {
		return errors.Join(err, os.Remove(temporary))
	}
	return syncDirectory(path)
}

// writeBeside writes raw to a new file of mode 0600 (os.CreateTemp) in path's directory, and makes it durable.
func writeBeside(path string, raw []byte) (string, error) {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return "", err
	}
	_, err = f.Write(raw)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return "", errors.Join(err, os.Remove(f.Name()))
	}
	return f.Name(), nil
}

func syncDirectory(path string) error {
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

// ErrRotating says that another process rotates the keyset file, or was killed while it did.
var ErrRotating = errors.New("the keyset file is being rotated")

// lockFile creates path's lock file, which exists while somebody rotates. A lock that a killed process left behind is
// for the operator to remove: guessing here could lose a key, and with it every value that it sealed.
func lockFile(path string) (unlock func() error, err error) {
	lock := path + ".lock"
	f, err := os.OpenFile(lock, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("%w: if no other rotation runs, remove %s", ErrRotating, lock)
	}
	if err != nil {
		return nil, err
	}
	if err := f.Close(); err != nil {
		return nil, err
	}
	return func() error { return os.Remove(lock) }, nil
}
