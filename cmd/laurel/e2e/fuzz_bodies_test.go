package e2e

import (
	"encoding/json"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// A fuzzed body is made in one of two ways. Bytes that are changed blindly are hardly ever JSON, so most bodies are a good
// one with members changed as edits say; rawly, one time in eight, is a body of bytes as they come.
const rawly = 7

// bodies begins a fuzz run with good bodies, each of which must be taken, and each of them with one thing wrong.
func (s *stage) bodies(f *testing.F, as http.Header, path string, good ...string) {
	f.Helper()
	s.good = good
	for i, body := range good {
		if a := s.send(f, as, "POST", path, s.filled([]byte(body))); a.status >= 300 {
			f.Fatalf("%s is refused: %v", body, a)
		}
		s.renewUsed(f, []byte(body))
		f.Add(uint8(i), []byte{}, []byte{})
		f.Add(uint8(i+8), []byte{1, 0, 0, 5, 1, 9, 9, 2, 3, 12, 5, 0}, []byte{})
		f.Add(uint8(i+128), []byte{3, 7, 0, 8, 6, 0, 20, 3, 200}, []byte{})
		for _, raw := range spoiled(body) {
			f.Add(uint8(rawly), []byte{}, []byte(raw))
		}
	}
	for _, raw := range []string{"", " ", "null", "{}", "[]", "hello", strings.Repeat(`{"cart":`, 200) + "1" + strings.Repeat("}", 200), strings.Repeat("[", 500)} {
		f.Add(uint8(rawly), []byte{}, []byte(raw))
	}
}

// spoiled are copies of a good body with one thing wrong.
func spoiled(body string) []string {
	whole := body[:len(body)-1]
	out := []string{whole, body + body, "[" + body + "]", `{"surprise":1,` + body[1:], whole + `,"customer":"c-1","customer":"c-2"}`}
	for pattern, literals := range map[string][]string{
		`:\d+`:     {"-1", "0", "1.5", "1e3", "1e400", "9223372036854775807", "9223372036854775808", `"5"`, "null", "900000000000000"},
		`:"[^"]*"`: {`""`, `"a\u0000b"`, "\"a\x00b\"", "\"a\xffb\"", `"\ud800"`, `"` + strings.Repeat("x", 300) + `"`, "[1]", "null", `"KWD"`, `"\u202e\r\n"`},
	} {
		for _, literal := range literals {
			for _, at := range regexp.MustCompile(pattern).FindAllStringIndex(body, -1) {
				out = append(out, body[:at[0]+1]+literal+body[at[1]:])
			}
		}
	}
	return out
}

// body makes the body of one iteration.
func (s *stage) body(t testing.TB, which uint8, edits, raw []byte) []byte {
	t.Helper()
	way := int(which % 8)
	if way == rawly {
		return raw
	}
	tree := readTree(t, s.good[way%len(s.good)])
	const most = 12
	for i := 0; i+2 < len(edits) && i < 3*most; i += 3 {
		tree = reworked(tree, int(edits[i]), edits[i+1], int(edits[i+2]))
	}
	return asJSON(t, tree)
}

func readTree(t testing.TB, body string) (tree any) {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(body))
	decoder.UseNumber()
	if err := decoder.Decode(&tree); err != nil {
		t.Fatalf("%s: %v", body, err)
	}
	return tree
}

// spot is a value somewhere in a body.
type spot struct {
	value any
	put   func(any)
	drop  func()
	// twice adds the value to the list that it is in once more; nil for a value in no list.
	twice func()
}

// spots lists a value and all within it, members in the order of their names.
func spots(at spot) []spot {
	out := []spot{at}
	switch v := at.value.(type) {
	case fields:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			out = append(out, spots(spot{value: v[name], put: func(n any) { v[name] = n }, drop: func() { delete(v, name) }})...)
		}
	case []any:
		for i := range v {
			out = append(out, spots(spot{value: v[i], put: func(n any) { v[i] = n },
				drop:  func() { at.put(slices.Delete(slices.Clone(v), i, i+1)) },
				twice: func() { at.put(append(slices.Clone(v), clone(v[i]))) }})...)
		}
	}
	return out
}

// clone is a copy of what is written as JSON.
func clone(v any) any {
	switch v := v.(type) {
	case fields:
		c := fields{}
		for name, member := range v {
			c[name] = clone(member)
		}
		return c
	case []any:
		c := make([]any, len(v))
		for i := range v {
			c[i] = clone(v[i])
		}
		return c
	}
	return v
}

var (
	fuzzedNumbers = []json.Number{"0", "1", "2", "-1", "3", "49", "99", "100", "101", "333", "999", "4999", "10000", "86400", "86401", "1000000", "1000001", "2147483648",
		"1000000000000", "900000000000000", "900000000000001", "9007199254740993", "4611686018427387904", "9223372036854775807", "9223372036854775808", "-9223372036854775808",
		"1.5", "1e3", "1e400", "-0"}
	fuzzedTexts = []string{"", "USD", "EUR", "KWD", "XXX", "usd", "inclusive", "exclusive", "l1", "l2", "c-1", "c-2", "c-@N", "o-1", "o-@N", "books", "sku-1", "sku-2",
		"@TOKEN", "@FIXED", "@PRICE", "@SHIP", "@GIFT", "@BONUS", "@RULE", "@LIMITED", "@CODE_TOKEN", "@CODE_FIXED", "@CODE_LIMITED", "@OFFER_TOKEN", "@OFFER_FIXED",
		"@OFFER_LIMITED", "@EVALUATION", "always", "never", "if_full", "percentage", "fixed_amount", "fixed_price", "free_shipping", "gift_line", "points_multiplier",
		"bonus_points", "order", "lines", "shipping", "each", "across", "live", "ended", "student", "silver", "day", "month", "year", "total", "person", "customer",
		"thanksgiving", "new_year", "Europe/Berlin", "Pacific/Apia", "Nowhere/Land", "true", "cart.subtotal > 0", "cart.lines.all(l, l.amount >= 0)", "now.getHours() >= 0",
		"1 / 0 > 0", "member.points > 5", "2026-02-28T23:59:60Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2026-11-22T00:00:00+14:00", "::1", "203.0.113.7",
		"\u202e", "\u2028", "a\x00b", "\ufffd", "ABCD-EFGH-JK", "eyJhbGciOiJub25lIn0.e30.", "de", "x-private", "{}"}
)

// reworked changes one value of a body: to another one of its kind, mostly.
func reworked(tree any, where int, how uint8, what int) any {
	all := spots(spot{value: tree, put: func(v any) { tree = v }, drop: func() { tree = nil }})
	const most = 5000
	if len(all) > most {
		return tree
	}
	at := all[where%len(all)]
	switch kind := how % 8; {
	case kind == 7 && at.twice != nil:
		at.twice()
	case kind == 6:
		at.drop()
	case kind == 5:
		at.put([]any{nil, true, []any{}, fields{}, json.Number("1"), "1", []any{nil}, fields{"": nil}}[what%8])
	default:
		at.put(another(at.value, kind, what))
	}
	return tree
}

// another is a value of the kind of the old one.
func another(old any, kind uint8, what int) any {
	switch v := old.(type) {
	case json.Number:
		if kind < 3 {
			return json.Number(strconv.Itoa(what * (1 + int(kind)*97)))
		}
		return fuzzedNumbers[what%len(fuzzedNumbers)]
	case string:
		if kind == 4 {
			const most = 5000
			return strings.Repeat(v+"x", min(what, most/len(v+"x")))
		}
		return fuzzedTexts[what%len(fuzzedTexts)]
	case bool:
		return !v
	case []any:
		if kind < 2 && len(v) > 0 && len(v) < 30 {
			return slices.Repeat(v, what%30)
		}
		return append(slices.Clone(v), fuzzedTexts[what%len(fuzzedTexts)])
	}
	return old
}
