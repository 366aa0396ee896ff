package bulk

import (
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"io"

	"github.com/laurel-gateway/laurel/verify"
	"github.com/laurel-gateway/laurel/verify/registry"
)

const (
	// batchRows is how many rows are written in one transaction.
	batchRows = 2000
	// maxRow bounds one row, in bytes: a file that is not CSV must not fill the memory.
	maxRow = 1 << 20
	// sample is how much of a file's beginning and end recognises it, in bytes.
	sample = 1 << 20
)

// Importer writes what it reads.
type Importer struct {
	Writer verify.RegisterWriter
	// Ended is told of numbers that are over, before their rows are written: whatever rests on them ends. It may be told
	// of one again.
	Ended func(ctx context.Context, numbers []string) error
	// Progress is told after every batch, and may be nil.
	Progress func(Report)
}

// Report says what an import did.
type Report struct {
	// Rows are those of the whole file so far, Resumed those that an earlier run had read.
	Rows, Resumed int64
	// Written are the records that this run wrote, Skipped the rows that are no person's or not readable, Ended the
	// numbers that are over.
	Written, Skipped, Ended int64
	// Bytes is how much of the file was read, of Size.
	Bytes, Size int64
	// Finished says that the whole file has been read; Before, that an earlier run had done so.
	Finished, Before bool
}

// Import reads a file from where its import stopped, or from its beginning. A file that was imported is not read again.
func (i Importer) Import(ctx context.Context, file io.ReadSeeker) (Report, error) {
	var report Report
	if _, _, err := open(file, 0); err != nil {
		return report, err
	}
	name, size, err := recognise(file)
	if err != nil {
		return report, fmt.Errorf("reading the file: %w", err)
	}
	at, err := i.Writer.BeginImport(ctx, registry.NPPES, name)
	if err != nil {
		return report, fmt.Errorf("finding out how far the import came: %w", err)
	}
	report = Report{Rows: at.Rows, Resumed: at.Rows, Bytes: at.Offset, Size: size}
	if !at.FinishedAt.IsZero() {
		report.Finished, report.Before = true, true
		return report, nil
	}
	rows, cols, err := open(file, at.Offset)
	if err != nil {
		return report, err
	}
	for !report.Finished {
		if err := i.batch(ctx, rows, cols, &at, &report); err != nil {
			return report, err
		}
		if i.Progress != nil {
			i.Progress(report)
		}
	}
	return report, nil
}

// batch reads and writes up to batchRows rows.
func (i Importer) batch(ctx context.Context, rows *rows, cols columns, at *verify.RegisterImport, report *Report) error {
	records := map[string]verify.RegisterRecord{}
	var order []string
	for range batchRows {
		row, err := rows.next()
		if errors.Is(err, io.EOF) {
			report.Finished = true
			break
		}
		if err != nil {
			return fmt.Errorf("reading row %d: %w", at.Rows+2, err)
		}
		at.Rows++
		r, keep, err := cols.record(row)
		if err != nil || !keep {
			// One bad row of nine million must not stop the others; the report counts it.
			report.Skipped++
			continue
		}
		known, twice := records[r.Number]
		if !twice {
			order = append(order, r.Number)
		}
		if !twice || known.AsOf <= r.AsOf {
			records[r.Number] = r
		}
	}
	at.Offset = rows.offset()
	batch := make([]verify.RegisterRecord, len(order))
	var inactive []verify.RegisterRecord
	for n, number := range order {
		batch[n] = records[number]
		if !batch[n].Active {
			inactive = append(inactive, batch[n])
		}
	}
	if err := i.end(ctx, inactive, report); err != nil {
		return err
	}
	if err := i.Writer.PutRecords(ctx, registry.NPPES, batch, *at, report.Finished); err != nil {
		return fmt.Errorf("writing records: %w", err)
	}
	report.Rows, report.Bytes, report.Written = at.Rows, at.Offset, report.Written+int64(len(batch))
	return nil
}

func (i Importer) end(ctx context.Context, inactive []verify.RegisterRecord, report *Report) error {
	ending, err := i.Writer.Ending(ctx, registry.NPPES, inactive)
	if err != nil {
		return fmt.Errorf("looking for what ended: %w", err)
	}
	if len(ending) > 0 {
		if err := i.Ended(ctx, ending); err != nil {
			return fmt.Errorf("ending what rests on deactivated numbers: %w", err)
		}
	}
	report.Ended += int64(len(ending))
	return nil
}

// recognise returns a digest of a file's size, beginning and end, so that it is known again under any name.
func recognise(file io.ReadSeeker) (name string, size int64, err error) {
	if size, err = file.Seek(0, io.SeekEnd); err != nil {
		return "", 0, err
	}
	h := sha256.New()
	// Writing to a hash never fails (package hash).
	_, _ = fmt.Fprintln(h, size)
	for _, from := range []int64{0, max(0, size-sample)} {
		if _, err := file.Seek(from, io.SeekStart); err != nil {
			return "", 0, err
		}
		if _, err := io.Copy(h, io.LimitReader(file, sample)); err != nil {
			return "", 0, err
		}
	}
	return "sha256:" + hex.EncodeToString(h.Sum(nil)), size, nil
}

// rows reads a CSV file row by row, each of bounded size.
type rows struct {
	csv *csv.Reader
	// base is where the reader began, limit how far it may read on: one row beyond the last.
	base        int64
	read, limit int64
	file        io.Reader
}

// open reads the header, and goes to where reading shall go on; zero for the first row.
func open(file io.ReadSeeker, from int64) (*rows, columns, error) {
	head, err := begin(file, 0)
	if err != nil {
		return nil, columns{}, err
	}
	header, err := head.next()
	if err != nil {
		return nil, columns{}, fmt.Errorf("reading the names of the columns: %w", err)
	}
	cols, err := readHeader(header)
	if err != nil || from == 0 {
		return head, cols, err
	}
	rest, err := begin(file, from)
	return rest, cols, err
}

func begin(file io.ReadSeeker, from int64) (*rows, error) {
	if _, err := file.Seek(from, io.SeekStart); err != nil {
		return nil, fmt.Errorf("finding the place in the file: %w", err)
	}
	r := &rows{base: from, file: file, limit: maxRow}
	r.csv = csv.NewReader(r)
	r.csv.ReuseRecord = true
	// A row of a known file has the columns of its header, whatever row a resumed import begins with.
	r.csv.FieldsPerRecord = -1
	return r, nil
}

// errLongRow says that a row is no row.
var errLongRow = errors.New("a row is longer than 1 MiB: is this a CSV file?")

// Read implements io.Reader for the CSV reader.
func (r *rows) Read(p []byte) (int, error) {
	if r.read >= r.limit {
		return 0, errLongRow
	}
	if left := r.limit - r.read; int64(len(p)) > left {
		p = p[:left]
	}
	n, err := r.file.Read(p)
	r.read += int64(n)
	return n, err
}

func (r *rows) next() ([]string, error) {
	row, err := r.csv.Read()
	r.limit = r.csv.InputOffset() + maxRow
	return row, err
}

// offset is where the next row begins in the file.
func (r *rows) offset() int64 { return r.base + r.csv.InputOffset() }
