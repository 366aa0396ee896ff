package problem

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
)

// declared reads the codes from the source, so that none can be forgotten.
func declared(t *testing.T) []fault.Code {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "../../internal/fault/codes.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var codes []fault.Code
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		for _, v := range spec.Values {
			text, err := strconv.Unquote(v.(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			codes = append(codes, fault.Code(text))
		}
		return true
	})
	if len(codes) < 50 {
		t.Fatalf("only %d codes found", len(codes))
	}
	return codes
}

func TestEveryCodeHasAnEntry(t *testing.T) {
	codes := declared(t)
	for _, c := range codes {
		e, ok := table[c]
		if !ok {
			t.Errorf("%s has no entry", c)
			continue
		}
		if e.Status < 400 || e.Status > 599 || http.StatusText(e.Status) == "" || e.Title == "" || !strings.HasSuffix(e.Help, ".") {
			t.Errorf("%s: incomplete entry %+v", c, e)
		}
		if CodeOfSlug(Slug(c)) != c {
			t.Errorf("%s does not come back from its slug", c)
		}
	}
	if len(table) != len(codes) {
		t.Errorf("%d entries for %d codes", len(table), len(codes))
	}
	if got := Codes(); len(got) != len(codes) {
		t.Errorf("Codes lists %d of %d", len(got), len(codes))
	}
}

func TestFrom(t *testing.T) {
	p := From(fault.New(fault.TokenSpent, "Spent.").At("#/code", "spent").After(1500*time.Millisecond), "https://laurel.example/", "req_1")
	if p.Type != "https://laurel.example/problems/token-spent" || p.Status != 409 || p.Title != "Offer token spent" || p.Errors[0].Pointer != "#/code" {
		t.Errorf("%+v", p)
	}
	header := http.Header{}
	p.SetHeaders(header.Set)
	if header.Get("Retry-After") != "2" {
		t.Errorf("Retry-After %q", header.Get("Retry-After"))
	}
	p = From(errors.New("password=hunter2"), "https://laurel.example", "req_1")
	if p.Status != 500 || strings.Contains(string(p.JSON()), "hunter2") {
		t.Errorf("an internal error is shown: %s", p.JSON())
	}
	p = From(fault.New("no_such_code", "leaks"), "", "")
	if p.Code != fault.Internal || strings.Contains(string(p.JSON()), "leaks") {
		t.Errorf("an unknown code is shown: %s", p.JSON())
	}
	p = From(fault.New(fault.Unavailable, "x").Wrap(errors.New("dial 10.0.0.1")), "", "")
	if strings.Contains(string(p.JSON()), "10.0.0.1") {
		t.Errorf("a cause is shown: %s", p.JSON())
	}
}

func TestPointer(t *testing.T) {
	for location, want := range map[string]string{
		"body":                               "#",
		"body.cart.lines[0].quantity":        "#/cart/lines/0/quantity",
		"body[3].name":                       "#/3/name",
		"body.a/b":                           "#/a~1b",
		"body.a b~":                          "#/a%20b~0",
		"query.limit":                        "#query/limit",
		"path.id":                            "#path/id",
		"header.Idempotency-Key":             "#header/Idempotency-Key",
		"body." + strings.Repeat("x.", 1000): "#" + strings.Repeat("/x", 150),
	} {
		if got := Pointer(location); got != want {
			t.Errorf("%.40s: %.60s, want %.60s", location, got, want)
		}
	}
}

func TestLasting(t *testing.T) {
	for code, want := range map[fault.Code]bool{
		fault.TokenSpent: true, fault.CodeInvalid: true, fault.Invalid: true, fault.IdempotencyKeyReused: false, fault.IdempotencyKeyInFlight: false,
		fault.NotFound: false, fault.RateLimited: false, fault.Unavailable: false, fault.Internal: false, fault.BadRequest: false, fault.EmailLimit: false,
	} {
		if Lasting(code) != want {
			t.Errorf("%s: %v", code, !want)
		}
	}
}

func TestErrorsAreBounded(t *testing.T) {
	f := fault.New(fault.Invalid, "The request does not fit the contract.")
	for i := range MaxErrors {
		f = f.At("#/"+strconv.Itoa(i), "is wrong")
	}
	if p := From(f, "", ""); len(p.Errors) != MaxErrors || p.Detail != "The request does not fit the contract." {
		t.Errorf("%d errors, %q", len(p.Errors), p.Detail)
	}
	p := From(f.At("#/one-more", "is wrong"), "", "")
	if len(p.Errors) != MaxErrors || p.Errors[0].Pointer != "#/0" || !strings.HasSuffix(p.Detail, "More than 100 parts are wrong: the first ones are named.") {
		t.Errorf("%d errors, %q", len(p.Errors), p.Detail)
	}
}
