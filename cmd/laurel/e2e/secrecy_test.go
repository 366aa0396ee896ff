package e2e

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
)

// secrecy holds what must stay secret in this test run, and everything that was said where others can read it: logs,
// metrics, webhooks, errors. TestMain compares the two at the end.
var secrecy = &discretion{values: map[string]string{}}

// discretion gathers secrets and what was said.
type discretion struct {
	mu     sync.Mutex
	values map[string]string // value: its kind
	said   *os.File
	writer *bufio.Writer
	lines  int
}

// begin keeps what is said in a file: a run says more than should be kept in memory.
func (d *discretion) begin(dir string) (err error) {
	if d.said, err = os.CreateTemp(dir, "said-"); err != nil {
		return err
	}
	d.writer = bufio.NewWriterSize(d.said, 1<<16)
	return nil
}

// secretForm is what can be looked for without finding it everywhere: not a plain word, and long enough.
var (
	secretForm = regexp.MustCompile(`[0-9A-Z@ .-]`)
	plainWord  = regexp.MustCompile(`^([a-z_]+|[A-Z_]+|[0-9]{1,5})$`)
)

// keep notes a value that nobody else may read.
func (d *discretion) keep(kind, value string) {
	if len(value) < 3 || len(value) > 8192 || plainWord.MatchString(value) || !secretForm.MatchString(value) {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.values[value] = kind
}

// say notes what was said in a place.
func (d *discretion) say(place, text string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.writer == nil {
		return
	}
	for line := range strings.SplitSeq(strings.TrimRight(text, "\n"), "\n") {
		d.lines++
		// What cannot be written shows when it is flushed.
		_, _ = d.writer.WriteString(place + "\x00" + line + "\n")
	}
}

// into returns a writer that says what it is given, in a place.
func (d *discretion) into(place string) io.Writer { return sayer{d, place} }

type sayer struct {
	d     *discretion
	place string
}

// Write implements io.Writer.
func (s sayer) Write(b []byte) (int, error) {
	s.d.say(s.place, string(b))
	return len(b), nil
}

// judge compares what was said with what is secret and returns every find, each kind and place once.
func (d *discretion) judge() (finds []string, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.writer.Flush(); err != nil {
		return nil, err
	}
	if _, err := d.said.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	s := newSearch(d.values)
	seen := map[string]bool{}
	lines := bufio.NewReaderSize(d.said, 1<<20)
	for {
		line, err := lines.ReadBytes('\n')
		if place, text, ok := bytes.Cut(line, []byte{0}); ok {
			for _, kind := range s.in(text) {
				if key := kind + "|" + string(place); !seen[key] {
					seen[key] = true
					finds = append(finds, fmt.Sprintf("%s in %s: %.300s", kind, place, bytes.TrimSpace(text)))
				}
			}
		}
		if errors.Is(err, io.EOF) {
			return finds, nil
		}
		if err != nil {
			return nil, err
		}
	}
}

// longEnough is how long a value is that is looked for anywhere; a shorter one is a find only as a word of its own.
const longEnough = 12

// search finds values and patterns in texts.
type search struct {
	words map[string]string
	long  map[string][]string // by their first bytes
	kinds map[string]string
}

func newSearch(values map[string]string) search {
	s := search{words: map[string]string{}, long: map[string][]string{}, kinds: values}
	for value, kind := range values {
		s.words[value] = kind
		if len(value) >= longEnough {
			s.long[value[:longEnough]] = append(s.long[value[:longEnough]], value)
		}
	}
	return s
}

var (
	mailForm   = regexp.MustCompile(`[A-Za-z0-9._%+'-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+`)
	tokenForm  = regexp.MustCompile(`eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{2,}`)
	secretKeys = regexp.MustCompile(`\b(sk_(test|live)_|cs_|whsec_)[A-Za-z0-9+/=_-]{16,}`)
	wordForm   = regexp.MustCompile(`[A-Za-z0-9_@+-]+`)
)

// examples are addresses that the program itself gives as a hint.
var examples = []string{"ada@university.edu", "help@shop.example", "*@guests.university.edu", "@guests.university.edu"}

// in returns the kinds of secrets that are in a text.
func (s search) in(text []byte) (kinds []string) {
	add := func(kind string) {
		if !slices.Contains(kinds, kind) {
			kinds = append(kinds, kind)
		}
	}
	if bytes.IndexByte(text, '@') >= 0 {
		for _, found := range mailForm.FindAll(text, -1) {
			if !slices.Contains(examples, string(found)) {
				add("a mail address")
			}
		}
	}
	if bytes.Contains(text, []byte("eyJ")) && tokenForm.Match(text) {
		add("a token")
	}
	if secretKeys.Match(text) {
		add("a secret key")
	}
	for i := 0; i+longEnough <= len(text); i++ {
		for _, value := range s.long[string(text[i:i+longEnough])] {
			if bytes.HasPrefix(text[i:], []byte(value)) {
				add(s.kinds[value])
			}
		}
	}
	for _, at := range wordForm.FindAllIndex(text, -1) {
		if kind, ok := s.words[string(text[at[0]:at[1]])]; ok && !partOfNumber(text, at[0], at[1]) {
			add(kind)
		}
	}
	return kinds
}

// partOfNumber reports whether digits stand in a number or a time, where they say nothing: 0.123456, "took":123456.
func partOfNumber(text []byte, from, to int) bool {
	if strings.Trim(string(text[from:to]), "0123456789") != "" {
		return false
	}
	return from > 0 && bytes.IndexByte([]byte(".:,[-"), text[from-1]) >= 0 || to < len(text) && bytes.IndexByte([]byte(".:"), text[to]) >= 0
}

// secretMembers are the members of bodies that hold secrets, by name, with their kinds.
var secretMembers = map[string]string{
	"email": "a mail address", "code": "a code", "codes": "a code", "token": "a token", "offer_tokens": "a token", "first_name": "a name", "last_name": "a name",
	"birth_date": "a birth date", "password": "a password", "secret": "a secret", "access_token": "a secret", "webhook_secret": "a secret", "client_secret": "a client secret",
	"number": "a registry number", "member_number": "a registry number", "npi": "a registry number", "plain": "a secret key",
}

// overhear notes the secrets of a request and its answer, and what an error says. A test client calls it.
func (d *discretion) overhear(header http.Header, r request, a answer) {
	if kind, value, ok := strings.Cut(header.Get("Authorization"), " "); ok && !strings.HasPrefix(value, "pk_") {
		d.keep(strings.ToLower("a "+kind+" credential"), value)
	}
	d.keep("a client secret", header.Get("Laurel-Client-Secret"))
	if _, cookie, ok := strings.Cut(header.Get("Cookie"), "laurel_session="); ok {
		d.keep("a console session", cookie)
	}
	if encoded, err := json.Marshal(r.body); err == nil {
		var body any
		if json.Unmarshal(encoded, &body) == nil {
			d.gather("", body)
		}
	}
	if a.status < http.StatusBadRequest {
		var body any
		if json.Unmarshal(a.body, &body) == nil {
			d.gather("", body)
		}
		return
	}
	// The path holds ids that tests make up, and the type and the request's own id say nothing.
	d.say(fmt.Sprintf("the error %d %s of %s %s", a.status, a.code(), r.method, pathOnly(r.path)), string(a.body))
}

func pathOnly(path string) string {
	path, _, _ = strings.Cut(path, "?")
	return path
}

// gather notes the members of a body that hold secrets.
func (d *discretion) gather(name string, value any) {
	switch v := value.(type) {
	case map[string]any:
		for member, inner := range v {
			d.gather(member, inner)
		}
	case []any:
		for _, inner := range v {
			d.gather(name, inner)
		}
	case string:
		if kind, ok := secretMembers[name]; ok && !strings.HasPrefix(v, "pk_") {
			d.keep(kind, v)
		}
	}
}

// disclosed ends the test run: it tells every secret that was said, and returns the run's exit code.
func (d *discretion) disclosed(code int) int {
	finds, err := d.judge()
	if err != nil {
		fmt.Fprintln(os.Stderr, "secrecy:", err)
		return 1
	}
	fmt.Fprintf(os.Stderr, "secrecy: %d secrets looked for in %d lines\n", len(d.values), d.lines)
	for _, f := range finds {
		fmt.Fprintln(os.Stderr, "secrecy: "+f)
	}
	if len(finds) > 0 {
		return 1
	}
	return code
}

// The search itself: what it finds, and what it takes for nothing.
func TestSecretsAreFound(t *testing.T) {
	d := &discretion{values: map[string]string{}}
	if err := d.begin(t.TempDir()); err != nil {
		t.Fatal(err)
	}
	d.keep("a code", "123456")
	d.keep("a name", "Ada")
	d.keep("a name", "Grace Brewster Hopper")
	d.keep("a client secret", "k3JtVq0c2m9S0x1Zb6bQx3rX4nq7pTn2Yk8dWf5sLhU")
	for _, nothing := range []string{"", "student", "VERIFIED", "10", "bounce"} {
		d.keep("nothing", nothing)
	}
	s := newSearch(d.values)
	for text, want := range map[string]string{
		`{"msg":"sent","to":"ada@mit.edu"}`: "a mail address",
		`sent to <ada@mit.edu>`:             "a mail address",
		`the code is 123456`:                "a code",
		`{"code":"123456"}`:                 "a code",
		`code=123456`:                       "a code",
		`x (123456)`:                        "a code",
		`hello Ada!`:                        "a name",
		`{"name":"Grace Brewster Hopper"}`:  "a name",
		`x?s=k3JtVq0c2m9S0x1Zb6bQx3rX4nq7pTn2Yk8dWf5sLhU&b`:                "a client secret",
		`prefixk3JtVq0c2m9S0x1Zb6bQx3rX4nq7pTn2Yk8dWf5sLhUsuffix`:          "a client secret",
		`Bearer eyJhbGciOiJFUzI1NiJ9.e30.c2ln`:                             "a token",
		`key sk_test_0123456789abcdef0123`:                                 "a secret key",
		`{"took":123456,"at":"2026-11-22T03:28:57.123456Z"}`:               "",
		`latency 0.123456 s`:                                               "",
		`laurel_requests_total{route="/v1/steps/email",status="200"}`:      "",
		`Adapter ready, student VERIFIED, 10 tries`:                        "",
		`{"detail":"use an address such as ada@university.edu"}`:           "",
		`{"id":"ver_01920000-0000-7000-8000-123456000001","n":"12345678"}`: "",
	} {
		if got := strings.Join(s.in([]byte(text)), ", "); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
	d.say("a log", "one line\nthe code is 123456\nthe code is 123456 again")
	finds, err := d.judge()
	if err != nil || len(finds) != 1 || !strings.Contains(finds[0], "a code in a log") {
		t.Errorf("%q, %v", finds, err)
	}
}
