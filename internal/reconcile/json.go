package reconcile

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
)

// JSONLines reads orders from a stream of JSON objects, one after the other.
func JSONLines(in io.Reader, f Format) iter.Seq2[Order, error] {
	return func(yield func(Order, error) bool) {
		d := json.NewDecoder(in)
		for n := 1; ; n++ {
			var raw json.RawMessage
			err := d.Decode(&raw)
			if errors.Is(err, io.EOF) {
				return
			}
			var o Order
			if err == nil {
				o, err = f.object(raw)
			}
			if err != nil {
				err = fmt.Errorf("object %d: %w", n, err)
			}
			if !yield(o, err) || err != nil {
				return
			}
		}
	}
}

// object reads one order. Amounts and ids may be texts or numbers; numbers are read as they are written, never as floats.
func (f Format) object(raw []byte) (Order, error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var fields map[string]any
	if err := d.Decode(&fields); err != nil {
		return Order{}, fmt.Errorf("not a JSON object: %w", err)
	}
	value := map[string]string{}
	for _, column := range Columns() {
		if column == ColumnCodes {
			continue
		}
		text, err := scalar(fields[f.name(column)])
		if err != nil {
			return Order{}, fmt.Errorf("%s: %w", f.name(column), err)
		}
		value[column] = text
	}
	codes, err := list(fields[f.name(ColumnCodes)])
	if err != nil {
		return Order{}, fmt.Errorf("%s: %w", f.name(ColumnCodes), err)
	}
	return f.order(value, codes)
}

func scalar(v any) (string, error) {
	switch v := v.(type) {
	case nil:
		return "", nil
	case string:
		return v, nil
	case json.Number:
		return v.String(), nil
	}
	return "", errors.New("must be a text or a number")
}

// list reads codes: one text, a list of texts, or a list of objects with a member code.
func list(v any) ([]string, error) {
	switch v := v.(type) {
	case nil:
		return nil, nil
	case string:
		return split(v), nil
	case []any:
		var out []string
		for _, e := range v {
			if o, ok := e.(map[string]any); ok {
				e = o["code"]
			}
			text, ok := e.(string)
			if !ok {
				return nil, errors.New("must hold texts, or objects with a code")
			}
			out = append(out, text)
		}
		return out, nil
	}
	return nil, errors.New("must be a list")
}

// page is one page of orders: a list, or an object that holds one under orders or data, and the next page's address
// under next.
func (f Format) page(body []byte) (orders []Order, next string, err error) {
	raw := []json.RawMessage{}
	if trimmed := bytes.TrimSpace(body); len(trimmed) > 0 && trimmed[0] == '[' {
		err = json.Unmarshal(trimmed, &raw)
	} else {
		var object struct {
			Orders []json.RawMessage `json:"orders"`
			Data   []json.RawMessage `json:"data"`
			Next   *string           `json:"next"`
		}
		err = json.Unmarshal(body, &object)
		raw = slices.Concat(object.Orders, object.Data)
		if object.Next != nil {
			next = *object.Next
		}
		if err == nil && object.Orders == nil && object.Data == nil {
			err = errors.New("it has neither orders nor data")
		}
	}
	if err != nil {
		return nil, "", fmt.Errorf("not a page of orders: %w", err)
	}
	for i, r := range raw {
		o, err := f.object(r)
		if err != nil {
			return nil, "", fmt.Errorf("order %d of the page: %w", i+1, err)
		}
		orders = append(orders, o)
	}
	return orders, next, nil
}
