package database_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/internal/database"
	"github.com/laurel-gateway/laurel/internal/testdb"
	"github.com/laurel-gateway/laurel/verify/registry"
	"github.com/laurel-gateway/laurel/verify/registry/bulk"
	"github.com/laurel-gateway/laurel/verify/registry/bulk/nppesfile"
)

// importMemory is how much the heap may grow while a file of any size is imported, in bytes.
const importMemory = 64 << 20

func TestAFileOfNPPESIsImportedInBoundedMemory(t *testing.T) {
	testdb.Each(t, func(t *testing.T, db *database.DB) { importGenerated(t, db, 20_000) })
}

// cutFile fails once, after so many bytes, as a machine does that loses its power.
type cutFile struct {
	*os.File
	left int64
}

var errPower = errors.New("the power went")

func (f *cutFile) Read(p []byte) (int, error) {
	if f.left < 0 {
		return 0, errPower
	}
	n, err := f.File.Read(p)
	f.left -= int64(n)
	return n, err
}

// importGenerated imports a generated file in two runs, of which the first is cut off, and returns rows a second and the
// most that the heap grew.
func importGenerated(t *testing.T, db *database.DB, rows int) {
	t.Helper()
	ctx := t.Context()
	file := generated(t, rows)
	size, err := file.Seek(0, io.SeekEnd)
	if err != nil {
		t.Fatal(err)
	}
	storage := database.NewVerifyStorage(db, nil)
	grown, ended := heapGrowth(), 0
	most := uint64(0)
	importer := bulk.Importer{Writer: storage, Progress: func(bulk.Report) { most = max(most, grown()) },
		Ended: func(_ context.Context, numbers []string) error { ended += len(numbers); return nil }}
	began := time.Now()
	// The header and the samples that recognise the file are read too.
	cut, err := importer.Import(ctx, &cutFile{file, size/2 + 3<<20})
	if !errors.Is(err, errPower) || cut.Rows == 0 || cut.Rows >= int64(rows) {
		t.Fatalf("the first run: %+v, %v", cut, err)
	}
	report, err := importer.Import(ctx, file)
	took := time.Since(began)
	if err != nil || report.Resumed != cut.Rows || report.Rows != int64(rows) || !report.Finished || ended != rows/50 {
		t.Fatalf("the second run: %+v, %d ended, %v", report, ended, err)
	}
	t.Logf("%d rows, %d MB: %.0f rows/s, heap grew by %d MB at most", rows, size>>20, float64(rows)/took.Seconds(), most>>20)
	if most > importMemory {
		t.Errorf("the heap grew by %d MB", most>>20)
	}
	for _, n := range []int{0, 1, rows / 2, rows - 2} {
		want := nppesfile.Person(n)
		r, found, err := storage.RegisterRecord(ctx, registry.NPPES, want.Number)
		if err != nil || found != (want.Entity == "1") || found && (r.Names[0].Last != want.Last || !r.Active || r.Taxonomies[0] != want.Taxonomies[0]) {
			t.Errorf("row %d: %+v, %t, %v", n, r, found, err)
		}
	}
}

func generated(t *testing.T, rows int) *os.File {
	t.Helper()
	file, err := os.Create(filepath.Join(t.TempDir(), "npidata_pfile.csv"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := file.Close(); err != nil {
			t.Error(err)
		}
	})
	w := bufio.NewWriter(file)
	if err := errors.Join(nppesfile.Generate(w, rows), w.Flush()); err != nil {
		t.Fatal(err)
	}
	return file
}

// heapGrowth tells how much more is on the heap than now.
func heapGrowth() func() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	before := m.HeapAlloc
	return func() uint64 {
		runtime.ReadMemStats(&m)
		return max(m.HeapAlloc, before) - before
	}
}
