package strictjson

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/laurel-gateway/laurel/internal/fault"
)

func TestCheck(t *testing.T) {
	deep := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	for name, tc := range map[string]struct {
		body    string
		code    fault.Code
		pointer string
	}{
		"object":                    {body: `{"a":1,"b":{"a":[1,-2.5e3,"x\ny",null,true]}}`},
		"same name, other objects":  {body: `[{"a":1},{"a":2}]`},
		"pair":                      {body: `"\ud83d\ude00"`},
		"escaped backslash u":       {body: `"\\u0000"`},
		"largest":                   {body: `9223372036854775807`},
		"smallest":                  {body: `-9223372036854775808`},
		"depth at the limit":        {body: deep(MaxDepth)},
		"empty":                     {body: ``, code: fault.MalformedJSON},
		"trailing":                  {body: `{} {}`, code: fault.MalformedJSON},
		"cut":                       {body: `{"a":`, code: fault.MalformedJSON},
		"twice":                     {body: `{"a":1,"a":2}`, code: fault.MalformedJSON, pointer: "#/a"},
		"twice by escape":           {body: `{"x":[0,{"a":1,"\u0061":2}]}`, code: fault.MalformedJSON, pointer: "#/x/1/a"},
		"twice after nested":        {body: `{"a":{"b":1},"a":2}`, code: fault.MalformedJSON, pointer: "#/a"},
		"pointer is escaped":        {body: `{"a/b ~":1,"a/b ~":2}`, code: fault.MalformedJSON, pointer: "#/a~1b%20~0"},
		"nul escape in value":       {body: `{"a":"x\u0000"}`, code: fault.MalformedJSON},
		"nul escape in name":        {body: `{"\u0000":1}`, code: fault.MalformedJSON},
		"raw nul":                   {body: "\"a\x00b\"", code: fault.MalformedJSON},
		"broken utf-8":              {body: "\"\xff\"", code: fault.MalformedJSON},
		"overlong utf-8":            {body: "\"\xc0\x80\"", code: fault.MalformedJSON},
		"lone high":                 {body: `"\ud800"`, code: fault.MalformedJSON},
		"lone low":                  {body: `"\udc00"`, code: fault.MalformedJSON},
		"high then other":           {body: `"\ud800\u0061"`, code: fault.MalformedJSON},
		"byte order mark":           {body: "\xef\xbb\xbf{}", code: fault.MalformedJSON},
		"too deep":                  {body: deep(MaxDepth + 1), code: fault.MalformedJSON},
		"very deep":                 {body: deep(200_000), code: fault.MalformedJSON},
		"float out of range":        {body: `{"n":1e400}`, code: fault.Invalid, pointer: "#/n"},
		"whole number out of range": {body: `{"l":[0,1180591620717411303424]}`, code: fault.Invalid, pointer: "#/l/1"},
		"not a number":              {body: `NaN`, code: fault.MalformedJSON},
	} {
		t.Run(name, func(t *testing.T) {
			err := Check([]byte(tc.body))
			if tc.code == "" {
				if err != nil {
					t.Fatalf("refused: %v", err)
				}
				return
			}
			f := fault.From(err)
			if f == nil || f.Code != tc.code {
				t.Fatalf("got %v, want %s", err, tc.code)
			}
			got := ""
			if len(f.Fields) > 0 {
				got = f.Fields[0].Pointer
			}
			if got != tc.pointer {
				t.Errorf("pointer %q, want %q", got, tc.pointer)
			}
		})
	}
}

// FuzzCheck holds that nothing panics, and that whatever passes reads the same after being written anew.
func FuzzCheck(f *testing.F) {
	for _, s := range []string{`{"a":[1,"\u0061"]}`, `{"a":1,"a":2}`, `"\ud800\udc00"`, `[[[]]]`, `-0.1e-2`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		if Check(body) != nil {
			return
		}
		var v any
		if err := json.Unmarshal(body, &v); err != nil {
			t.Fatalf("passed, but does not decode: %v", err)
		}
		again, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		if err := Check(again); err != nil {
			t.Fatalf("its own copy is refused: %v", err)
		}
	})
}
