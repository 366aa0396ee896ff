package database

import (
	"fmt"
	"time"
)

// columnArrays turns rows into one array a column, as PostgreSQL's unnest takes them.
func columnArrays(cols []column, rows [][]any) ([]any, error) {
	arrays := make([]any, len(cols))
	for i, c := range cols {
		array, err := columnArray(c.kind, i, rows)
		if err != nil {
			return nil, fmt.Errorf("column %s: %w", c.name, err)
		}
		arrays[i] = array
	}
	return arrays, nil
}

func columnArray(kind string, i int, rows [][]any) (any, error) {
	switch kind {
	case "text":
		return array[string](i, rows)
	case "bytea":
		return array[[]byte](i, rows)
	case "boolean":
		return array[bool](i, rows)
	case "timestamptz":
		return nullableTimes(i, rows)
	case "bigint":
		out := make([]int64, len(rows))
		for n, r := range rows {
			switch v := r[i].(type) {
			case int64:
				out[n] = v
			case int:
				out[n] = int64(v)
			default:
				return nil, fmt.Errorf("%T is not a number", v)
			}
		}
		return out, nil
	}
	return nil, fmt.Errorf("no array of %s", kind)
}

func array[T any](i int, rows [][]any) ([]T, error) {
	out := make([]T, len(rows))
	for n, r := range rows {
		v, ok := r[i].(T)
		if !ok && r[i] != nil {
			return nil, fmt.Errorf("%T is not a %T", r[i], v)
		}
		out[n] = v
	}
	return out, nil
}

func nullableTimes(i int, rows [][]any) ([]*time.Time, error) {
	out := make([]*time.Time, len(rows))
	for n, r := range rows {
		switch v := r[i].(type) {
		case time.Time:
			out[n] = &v
		case nil:
		default:
			return nil, fmt.Errorf("%T is not a time", v)
		}
	}
	return out, nil
}

// kindOf names the PostgreSQL type of a key's part.
func kindOf(v any) string {
	switch v.(type) {
	case []byte:
		return "bytea"
	case int, int64:
		return "bigint"
	case time.Time:
		return "timestamptz"
	default:
		return "text"
	}
}
