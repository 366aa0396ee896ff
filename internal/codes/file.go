package codes

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/laurel-gateway/laurel/internal/fault"
)

// Bounds of a file of codes.
const (
	MaxPoolFile  = 16 << 20
	maxPoolCodes = 250_000
	maxPoolCode  = 100
	// maxErrors is how many bad lines are listed. All are counted.
	maxErrors = 100
)

type poolFile struct {
	codes    []string
	repeated int64
	bad      int64
	errors   []LineError
}

func (f *poolFile) refuse(line int, detail string) {
	f.bad++
	if len(f.errors) < maxErrors {
		f.errors = append(f.errors, LineError{line, detail})
	}
}

// parsePool reads a CSV file (RFC 4180): the column named "code" if the first line names one, else the first column.
// Empty lines are left out. Faults: invalid.
func parsePool(file []byte) (*poolFile, error) {
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(file, []byte("\xef\xbb\xbf"))))
	r.FieldsPerRecord, r.ReuseRecord, r.LazyQuotes = -1, true, false
	out, seen, column := &poolFile{}, map[string]struct{}{}, 0
	for first := true; ; first = false {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		var broken *csv.ParseError
		if errors.As(err, &broken) {
			out.refuse(broken.Line, "is not CSV: look at the quotes")
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("read a file of codes: %w", err)
		}
		line, _ := r.FieldPos(0)
		if first {
			if i := slices.IndexFunc(record, func(s string) bool { return strings.EqualFold(strings.TrimSpace(s), "code") }); i >= 0 {
				column = i
				continue
			}
		}
		out.add(line, record, column, seen)
		if len(out.codes) > maxPoolCodes {
			return nil, fault.Newf(fault.Invalid, "The file has too many codes. Import at most %d at once.", maxPoolCodes)
		}
	}
	if len(out.codes) == 0 {
		return nil, fault.New(fault.Invalid, "The file has no codes. Send CSV with a column named code, or with one code a line.")
	}
	return out, nil
}

func (f *poolFile) add(line int, record []string, column int, seen map[string]struct{}) {
	if column >= len(record) {
		f.refuse(line, "has no such column")
		return
	}
	code := strings.TrimSpace(record[column])
	if wrong := badPoolCode(code); wrong != "" {
		f.refuse(line, wrong)
		return
	}
	if _, again := seen[code]; again {
		f.repeated++
		return
	}
	// The reader's record is used again: the code gets memory of its own.
	code = strings.Clone(code)
	seen[code] = struct{}{}
	f.codes = append(f.codes, code)
}

func badPoolCode(code string) string {
	switch {
	case code == "":
		return "is empty"
	case len(code) > maxPoolCode:
		return fmt.Sprintf("is longer than %d bytes", maxPoolCode)
	case !utf8.ValidString(code):
		return "is not UTF-8"
	case strings.ContainsFunc(code, func(c rune) bool { return unicode.IsSpace(c) || !unicode.IsPrint(c) }):
		return "has a space or a character that cannot be printed"
	}
	return ""
}
