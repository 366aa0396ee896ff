package token

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/laurel-gateway/laurel/internal/fault"
)

var codeForm = regexp.MustCompile(`^[2-9A-HJKMNP-RTV-Z]{4}-[2-9A-HJKMNP-RTV-Z]{4}-[2-9A-HJKMNP-RTV-Z]{2}$`)

func newCode(t testing.TB) Code {
	t.Helper()
	c, err := NewCode(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestCodeForm(t *testing.T) {
	if len(alphabet) != 29 || strings.ContainsAny(alphabet, "0O1ILUS") {
		t.Fatalf("the alphabet %s", alphabet)
	}
	seen := map[Code]bool{}
	for range 2000 {
		c := newCode(t)
		if !codeForm.MatchString(c.String()) {
			t.Fatalf("the code %s", c)
		}
		if got, err := ParseCode(c.String()); err != nil || got != c {
			t.Fatalf("parsed %s as %s (%v)", c, got, err)
		}
		if seen[c] {
			t.Fatalf("%s was drawn twice", c)
		}
		seen[c] = true
	}
}

func TestCodesAreEven(t *testing.T) {
	const draws = 20_000
	var counts [29]int
	for range draws {
		for _, c := range newCode(t)[:codeLength-1] {
			counts[digits[c]]++
		}
	}
	mean := draws * (codeLength - 1) / 29
	for i, n := range counts {
		// Five standard deviations of about 77.
		if n < mean-400 || n > mean+400 {
			t.Errorf("%c was drawn %d times, want about %d", alphabet[i], n, mean)
		}
	}
}

func TestParseCodeForgives(t *testing.T) {
	c := newCode(t)
	plain := string(c)
	for _, typed := range []string{
		plain, strings.ToLower(plain), c.String(), strings.ToLower(c.String()), " " + c.String() + "\n",
		plain[:4] + " " + plain[4:8] + " " + plain[8:], plain[:5] + "--" + plain[5:], plain[:4] + "\u2013" + plain[4:8] + "\u2014" + plain[8:],
		plain[:4] + "\u2011" + plain[4:], "\u00a0" + plain + "\t", strings.Join(strings.Split(plain, ""), " - "),
	} {
		if got, err := ParseCode(typed); err != nil || got != c {
			t.Errorf("%q: %q, %v, want %q", typed, got, err, c)
		}
	}
}

// TestParseCodeRefusesAlike: the refusals are byte-identical, so that they tell a guesser nothing.
func TestParseCodeRefusesAlike(t *testing.T) {
	c := string(newCode(t))
	for _, typed := range []string{
		"", "-", "   ", c[:9], c + "2", c[:9] + "0", c[:9] + "O", "I" + c[1:], c[:4] + "_" + c[4:], c[:4] + "." + c[4:],
		c[:9] + "\x00", c + "\x00", "\xff\xff", "É" + c[1:], "ｆ" + c[1:], strings.Repeat("-", 65), strings.Repeat("2", 10_000),
	} {
		got, err := ParseCode(typed)
		if got != "" || !errors.Is(err, ErrCodeUnknown) || err.Error() != ErrCodeUnknown.Error() || fault.CodeOf(err) != fault.CodeUnknown {
			t.Errorf("%.40q: %q, %v", typed, got, err)
		}
	}
}

// TestCheckFindsEverySubstitutionAndSwap is exhaustive for each code that is drawn.
func TestCheckFindsEverySubstitutionAndSwap(t *testing.T) {
	for range 100 {
		c := newCode(t)
		for i := range c {
			for _, other := range []byte(alphabet) {
				typo := []byte(c)
				typo[i] = other
				if _, err := ParseCode(string(typo)); (err == nil) != (other == c[i]) {
					t.Fatalf("%s typed as %s: %v", c, typo, err)
				}
			}
			for j := range i {
				typo := []byte(c)
				typo[i], typo[j] = typo[j], typo[i]
				if _, err := ParseCode(string(typo)); (err == nil) != (c[i] == c[j]) {
					t.Fatalf("%s typed as %s: %v", c, typo, err)
				}
			}
		}
	}
}

func TestNewCodeNeedsRandomness(t *testing.T) {
	if c, err := NewCode(bytes.NewReader([]byte{1, 2, 3})); !errors.Is(err, io.ErrUnexpectedEOF) || c != "" {
		t.Errorf("%q, %v", c, err)
	}
	// Bytes from 232 on are thrown away: with only such bytes it goes on asking.
	if _, err := NewCode(io.LimitReader(full{}, 1<<16)); !errors.Is(err, io.EOF) {
		t.Errorf("%v, want the end of the reader", err)
	}
}

type full struct{}

func (full) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 0xff
	}
	return len(p), nil
}

func TestCodeStringOfAnything(t *testing.T) {
	rapid.Check(t, func(p *rapid.T) {
		c := Code(rapid.String().Draw(p, "code"))
		if s := c.String(); len(c) != codeLength && s != string(c) {
			p.Fatalf("%q is shown as %q", string(c), s)
		}
	})
}
