package crypt

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

func keysetPath(t *testing.T) string { return filepath.Join(t.TempDir(), "master.json") }

func create(t testing.TB, path string) *Master {
	t.Helper()
	m, err := CreateMaster(path)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func opens(t *testing.T, m *Master, sealed []byte) {
	t.Helper()
	if got, err := m.Open(sealed, []byte("row-1")); err != nil || string(got) != "hello" {
		t.Errorf("%q, %v", got, err)
	}
}

func seal(t *testing.T, m *Master) []byte {
	t.Helper()
	sealed, err := m.Seal([]byte("hello"), []byte("row-1"))
	if err != nil {
		t.Fatal(err)
	}
	return sealed
}

func TestMasterSeals(t *testing.T) {
	path := keysetPath(t)
	m := create(t, path)
	sealed := seal(t, m)
	opens(t, m, sealed)
	again, err := OpenMaster(path)
	if err != nil {
		t.Fatal(err)
	}
	opens(t, again, sealed)
	stranger := create(t, keysetPath(t))
	for name, open := range map[string]func() ([]byte, error){
		"another row":    func() ([]byte, error) { return m.Open(sealed, []byte("row-2")) },
		"another keyset": func() ([]byte, error) { return stranger.Open(sealed, []byte("row-1")) },
		"cut":            func() ([]byte, error) { return m.Open(sealed[:len(sealed)-1], []byte("row-1")) },
		"nothing":        func() ([]byte, error) { return m.Open(nil, nil) },
	} {
		if got, err := open(); !errors.Is(err, ErrSealed) || got != nil {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

func TestCreateMaster(t *testing.T) {
	path := keysetPath(t)
	create(t, path)
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v, want mode 0600", info.Mode(), err)
	}
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := CreateMaster(path); !errors.Is(err, fs.ErrExist) {
		t.Errorf("created twice: %v", err)
	}
	after, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(before, after) {
		t.Error("the keyset was replaced")
	}
	onlyThere(t, path)
	if _, err := CreateMaster(filepath.Join(t.TempDir(), "missing", "m.json")); err == nil {
		t.Error("created in a missing directory")
	}
}

// onlyThere: no temporary or lock file stays behind.
func onlyThere(t *testing.T, path string) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(entries) != 1 || entries[0].Name() != filepath.Base(path) {
		t.Errorf("the directory holds %v (%v)", entries, err)
	}
}

func TestLoadOrCreateMasterRaced(t *testing.T) {
	path := keysetPath(t)
	masters := make([]*Master, 8)
	var group sync.WaitGroup
	for i := range masters {
		group.Go(func() {
			m, err := LoadOrCreateMaster(path)
			if err != nil {
				t.Error(err)
			}
			masters[i] = m
		})
	}
	group.Wait()
	if t.Failed() {
		return
	}
	sealed := seal(t, masters[0])
	for _, m := range masters {
		opens(t, m, sealed)
	}
	onlyThere(t, path)
}

func TestRotate(t *testing.T) {
	path := keysetPath(t)
	m := create(t, path)
	other, err := OpenMaster(path)
	if err != nil {
		t.Fatal(err)
	}
	old := seal(t, m)
	if m.Outdated(old) {
		t.Error("a fresh value is outdated")
	}
	if err := m.Rotate(); err != nil {
		t.Fatal(err)
	}
	fresh := seal(t, m)
	opens(t, m, old)
	opens(t, m, fresh)
	if !m.Outdated(old) || m.Outdated(fresh) || !m.Outdated(nil) {
		t.Error("the old value alone should be outdated")
	}
	// The other process learns of the new key when it meets it, and rotates without losing it.
	opens(t, other, fresh)
	if err := other.Rotate(); err != nil {
		t.Fatal(err)
	}
	newest := seal(t, other)
	for _, sealed := range [][]byte{old, fresh, newest} {
		opens(t, m, sealed)
		opens(t, other, sealed)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v, want mode 0600", info.Mode(), err)
	}
	onlyThere(t, path)
}

func TestRotateRaced(t *testing.T) {
	path := keysetPath(t)
	first := create(t, path)
	values := [][]byte{seal(t, first)}
	var mu sync.Mutex
	var group sync.WaitGroup
	for range 6 {
		group.Go(func() {
			m, err := OpenMaster(path)
			if err != nil {
				t.Error(err)
				return
			}
			if err := m.Rotate(); err != nil && !errors.Is(err, ErrRotating) {
				t.Error(err)
			}
			sealed := seal(t, m)
			mu.Lock()
			values = append(values, sealed)
			mu.Unlock()
		})
	}
	group.Wait()
	last, err := OpenMaster(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, sealed := range values {
		opens(t, last, sealed)
	}
}

func TestRotateUnderALock(t *testing.T) {
	path := keysetPath(t)
	m := create(t, path)
	if err := os.WriteFile(path+".lock", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := m.Rotate(); !errors.Is(err, ErrRotating) {
		t.Errorf("%v, want ErrRotating", err)
	}
}

func TestMasterFromKeyset(t *testing.T) {
	raw, err := NewKeyset()
	if err != nil {
		t.Fatal(err)
	}
	m, err := MasterFromKeyset(raw)
	if err != nil {
		t.Fatal(err)
	}
	sealed := seal(t, m)
	opens(t, m, sealed)
	if err := m.Rotate(); err == nil {
		t.Error("rotated without a file")
	}
	if _, err := m.Open([]byte("rubbish"), nil); !errors.Is(err, ErrSealed) {
		t.Errorf("%v", err)
	}
	rotated, err := m.RotatedKeyset()
	if err != nil {
		t.Fatal(err)
	}
	if m.Outdated(seal(t, m)) {
		t.Error("the rotated keyset is in use already")
	}
	next, err := MasterFromKeyset(rotated)
	if err != nil {
		t.Fatal(err)
	}
	opens(t, next, sealed)
	if !next.Outdated(sealed) {
		t.Error("the rotated keyset has no new primary key")
	}
}

func TestOpenMasterRefuses(t *testing.T) {
	if _, err := OpenMaster(keysetPath(t)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing file: %v", err)
	}
	path := keysetPath(t)
	create(t, path)
	for _, mode := range []fs.FileMode{0o644, 0o604, 0o660, 0o666, 0o610} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		if _, err := OpenMaster(path); err == nil {
			t.Errorf("opened with mode %04o", mode)
		}
	}
	for _, mode := range []fs.FileMode{0o600, 0o400, 0o440, 0o640} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		if _, err := OpenMaster(path); err != nil {
			t.Errorf("mode %04o: %v", mode, err)
		}
	}
	const secret = "c2VjcmV0LWtleS1tYXRlcmlhbA"
	for name, raw := range map[string]string{
		"empty": "", "rubbish": "rubbish " + secret, "no keys": `{"primaryKeyId":1,"key":[]}`,
		"cut": `{"primaryKeyId":1,"key":[{"keyData":{"value":"` + secret,
	} {
		if _, err := MasterFromKeyset([]byte(raw)); !errors.Is(err, ErrKeyset) || strings.Contains(err.Error(), secret) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestOpenWithoutTheFile: values open while the file is gone, and the error of a value that does not says so.
func TestOpenWithoutTheFile(t *testing.T) {
	path := keysetPath(t)
	m := create(t, path)
	sealed := seal(t, m)
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	opens(t, m, sealed)
	if _, err := m.Open([]byte("rubbish"), nil); !errors.Is(err, ErrSealed) || !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v", err)
	}
}

func BenchmarkMasterOpen(b *testing.B) {
	m := create(b, filepath.Join(b.TempDir(), "m.json"))
	sealed, err := m.Seal(make([]byte, 100), []byte("row"))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := m.Open(sealed, []byte("row")); err != nil {
			b.Fatal(err)
		}
	}
}
