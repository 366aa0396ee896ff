package reconcile

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
)

// CSV reads orders from a CSV file (RFC 4180) whose first row names the columns. Further columns are passed over.
func CSV(in io.Reader, f Format) iter.Seq2[Order, error] {
	return func(yield func(Order, error) bool) {
		buffered := bufio.NewReader(in)
		if mark, err := buffered.Peek(3); err == nil && string(mark) == "\ufeff" {
			// Spreadsheets put a byte order mark first. It was just looked at, so it can be passed over.
			_, _ = buffered.Discard(3)
		}
		r := csv.NewReader(buffered)
		r.ReuseRecord = true
		head, err := r.Read()
		if err != nil {
			yield(Order{}, fmt.Errorf("the header of the CSV file: %w", err))
			return
		}
		at, err := f.header(head)
		if err != nil {
			yield(Order{}, err)
			return
		}
		for {
			row, err := r.Read()
			if errors.Is(err, io.EOF) {
				return
			}
			line, _ := r.FieldPos(0)
			var o Order
			if err == nil {
				value := make(map[string]string, len(at))
				for column, i := range at {
					value[column] = strings.TrimSpace(strings.Clone(row[i]))
				}
				o, err = f.order(value, split(value[ColumnCodes]))
				if err != nil {
					err = fmt.Errorf("line %d: %w", line, err)
				}
			}
			if !yield(o, err) || err != nil {
				return
			}
		}
	}
}

// header finds the columns. A mapped column must be there, as order_id must.
func (f Format) header(head []string) (map[string]int, error) {
	at := map[string]int{}
	for _, column := range Columns() {
		_, mapped := f.Names[column]
		found := false
		for i, name := range head {
			if strings.EqualFold(strings.TrimSpace(name), f.name(column)) {
				at[column], found = i, true
				break
			}
		}
		if !found && (mapped || column == ColumnID) {
			return nil, fmt.Errorf("the CSV file has no column %q", f.name(column))
		}
	}
	return at, nil
}
