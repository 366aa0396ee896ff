// Package strictjson refuses what encoding/json lets pass: a name that stands twice in one object, bytes that are not
// UTF-8, U+0000, half a surrogate pair, numbers that no type here can hold, and deep nesting. Two readers of such a body
// could see two different requests (RFC 8259, section 4 and 8; RFC 7493).
package strictjson

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/laurel-gateway/laurel/internal/fault"
)

// MaxDepth bounds how deep arrays and objects stand in each other.
const MaxDepth = 32

func malformed(detail string) *fault.Fault { return fault.New(fault.MalformedJSON, detail) }

// Check returns a fault with code malformed_json, or invalid for a number out of range, or nil. No fault repeats what
// the body holds, other than names that lead to the place.
func Check(body []byte) error {
	if !utf8.Valid(body) {
		return malformed("The body is not valid UTF-8.")
	}
	if !json.Valid(body) {
		return malformed("The body is not one JSON value.")
	}
	w := walker{body: body}
	return w.walk()
}

// walker goes over a body whose grammar is right.
type walker struct {
	body  []byte
	stack []frame
}

// frame is one open array or object.
type frame struct {
	// names is nil for an array.
	names map[string]struct{}
	// name is the last one read; key says that a name comes next.
	name  string
	key   bool
	index int
}

func (w *walker) walk() error {
	for i := 0; i < len(w.body); {
		switch c := w.body[i]; c {
		case '{', '[':
			if len(w.stack) == MaxDepth {
				return malformed(fmt.Sprintf("The body is nested deeper than %d.", MaxDepth))
			}
			f := frame{}
			if c == '{' {
				f.names, f.key = map[string]struct{}{}, true
			}
			w.stack = append(w.stack, f)
			i++
		case '}', ']':
			w.stack = w.stack[:len(w.stack)-1]
			i++
		case ',':
			top := &w.stack[len(w.stack)-1]
			top.key, top.index = top.names != nil, top.index+1
			i++
		case '"':
			end := w.stringEnd(i)
			if err := w.text(w.body[i:end]); err != nil {
				return err
			}
			i = end
		case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
			end := w.numberEnd(i)
			if !inRange(string(w.body[i:end])) {
				return fault.New(fault.Invalid, "A number is out of range.").
					At(w.pointer(), "expected a number within the range of 64 bits")
			}
			i = end
		default:
			i++
		}
	}
	return nil
}

// text checks one string, quotes included, and remembers it when it is a name.
func (w *walker) text(quoted []byte) error {
	plain := string(quoted[1 : len(quoted)-1])
	if strings.IndexByte(plain, '\\') >= 0 {
		if err := checkEscapes(plain); err != nil {
			return err
		}
		if err := json.Unmarshal(quoted, &plain); err != nil {
			return malformed("The body is not one JSON value.")
		}
	}
	if len(w.stack) == 0 || !w.stack[len(w.stack)-1].key {
		return nil
	}
	top := &w.stack[len(w.stack)-1]
	if _, twice := top.names[plain]; twice {
		top.name = plain
		return malformed("A name stands twice in one object.").At(w.pointer(), "this name stands twice")
	}
	top.names[plain] = struct{}{}
	top.name, top.key = plain, false
	return nil
}

// checkEscapes looks at the \u escapes of a string. The grammar is known to be right.
func checkEscapes(s string) error {
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' {
			continue
		}
		i++
		if s[i] != 'u' {
			continue
		}
		unit := hex4(s[i+1:])
		i += 4
		switch {
		case unit == 0:
			return malformed("The body has the character U+0000.")
		case unit >= 0xDC00 && unit <= 0xDFFF:
			return malformed("The body has half a surrogate pair.")
		case unit >= 0xD800 && unit <= 0xDBFF:
			low := uint64(0)
			if strings.HasPrefix(s[i+1:], `\u`) {
				low = hex4(s[i+3:])
			}
			if low < 0xDC00 || low > 0xDFFF {
				return malformed("The body has half a surrogate pair.")
			}
			i += 6
		}
	}
	return nil
}

func hex4(s string) uint64 {
	n, err := strconv.ParseUint(s[:4], 16, 32)
	if err != nil {
		return 0
	}
	return n
}

func (w *walker) stringEnd(i int) int {
	for i++; w.body[i] != '"'; i++ {
		if w.body[i] == '\\' {
			i++
		}
	}
	return i + 1
}

func (w *walker) numberEnd(i int) int {
	for i < len(w.body) && strings.IndexByte("+-.0123456789eE", w.body[i]) >= 0 {
		i++
	}
	return i
}

// inRange reports whether a whole number fits int64, and any other one float64.
func inRange(n string) bool {
	if strings.ContainsAny(n, ".eE") {
		_, err := strconv.ParseFloat(n, 64)
		return err == nil
	}
	_, err := strconv.ParseInt(n, 10, 64)
	return err == nil
}

// pointer is where the walk stands, as a JSON pointer in URI fragment form.
func (w *walker) pointer() string {
	var b strings.Builder
	b.WriteByte('#')
	for _, f := range w.stack {
		b.WriteByte('/')
		if f.names == nil {
			b.WriteString(strconv.Itoa(f.index))
			continue
		}
		name := f.name
		if len(name) > 100 {
			name = strings.ToValidUTF8(name[:100], "")
		}
		b.WriteString(url.PathEscape(strings.NewReplacer("~", "~0", "/", "~1").Replace(name)))
	}
	return b.String()
}
