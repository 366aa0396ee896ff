package api

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
)

type uploadEcho struct {
	RawBody []byte `contentType:"application/octet-stream"`
}

type uploadEchoView struct {
	Size int `json:"size" doc:"How much arrived." example:"3"`
}

const testedUpload = 1 << 20

func registerUpload(a *API, with func()) {
	Register(a, Operation{ID: "upload", Method: http.MethodPost, Path: "/v1/upload", Tag: "Store", Summary: "Upload", Description: "Upload.",
		Allow: Allow(Secret), Takes: "application/octet-stream", MaxBody: testedUpload, UploadTime: 3 * time.Second},
		func(_ context.Context, in *uploadEcho) (*Reply[uploadEchoView], error) {
			with()
			return OK(uploadEchoView{len(in.RawBody)})
		})
}

func uploading(t testing.TB, target string, body io.Reader) *http.Request {
	t.Helper()
	r, err := http.NewRequest(http.MethodPost, target+"/v1/upload", body)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer sk_test_a")
	r.Header.Set("Content-Type", "application/octet-stream")
	return r
}

func TestUploads(t *testing.T) {
	h := newHarness(t)
	registerUpload(h.API, func() {})
	for name, c := range map[string]struct {
		size, status int
		media        string
	}{
		"small": {3, 200, ""}, "a step": {uploadStep, 200, ""}, "steps and a bit": {3*uploadStep + 1, 200, ""}, "all of it": {testedUpload, 200, ""},
		"one byte more": {testedUpload + 1, 413, ""}, "much more": {3 * testedUpload, 413, ""}, "nothing": {0, 422, ""}, "as JSON": {3, 415, "application/json"},
	} {
		for _, chunked := range []bool{false, true} {
			r := uploading(t, "http://laurel.example", bytes.NewReader(make([]byte, c.size)))
			if chunked {
				r.ContentLength = -1
			}
			if c.media != "" {
				r.Header.Set("Content-Type", c.media)
			}
			if rec := h.serve(r); rec.Code != c.status {
				t.Errorf("%s, chunked %t: %d %s", name, chunked, rec.Code, rec.Body)
			}
		}
	}
}

// trickle gives a step of an upload at each tick.
type trickle struct {
	tick <-chan time.Time
	left int
}

func (s *trickle) Read(p []byte) (int, error) {
	if s.left == 0 {
		return 0, io.EOF
	}
	<-s.tick
	n := min(len(p), 64<<10, s.left)
	s.left -= n
	return n, nil
}

// Who goes on sending may take longer than a body may; who stops is cut.
func TestASlowUploadThatGoesOn(t *testing.T) {
	h := newHarness(t, func(d *Deps) { d.BodyTimeout = 400 * time.Millisecond })
	registerUpload(h.API, func() {})
	server := httptest.NewUnstartedServer(h)
	server.Config.ReadTimeout, server.Config.WriteTimeout = 500*time.Millisecond, 600*time.Millisecond
	server.Start()
	defer server.Close()
	ticker := time.NewTicker(60 * time.Millisecond)
	defer ticker.Stop()
	began := time.Now()
	answer, err := server.Client().Do(uploading(t, server.URL, &trickle{ticker.C, testedUpload}))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	if took := time.Since(began); answer.StatusCode != http.StatusOK || took < 700*time.Millisecond {
		t.Errorf("%d after %v", answer.StatusCode, took)
	}
	// A client that promises and sends nothing.
	c, err := net.Dial("tcp", strings.TrimPrefix(server.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	if _, err := io.WriteString(c, "POST /v1/upload HTTP/1.1\r\nHost: laurel.example\r\nAuthorization: Bearer sk_test_a\r\nContent-Type: application/octet-stream\r\nContent-Length: 1000000\r\n\r\nabc"); err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(c)
	if err != nil || !bytes.Contains(got, []byte("did not arrive in time")) {
		t.Errorf("%s, %v", got, err)
	}
}

// What uploads take together is bounded: one more than there are places is told to come back.
func TestUploadsHavePlaces(t *testing.T) {
	h := newHarness(t)
	registerUpload(h.API, func() {})
	for range maxUploads {
		h.uploads <- struct{}{}
	}
	rec := h.serve(uploading(t, "http://laurel.example", strings.NewReader("abc")))
	if p := problemIn(t, rec); p.Code != string(fault.Overloaded) || rec.Header().Get("Retry-After") == "" {
		t.Errorf("%+v", p)
	}
	<-h.uploads
	var all sync.WaitGroup
	for range 8 { // one after the other finds the one place, or is told to come back
		all.Go(func() {
			if rec := h.serve(uploading(t, "http://laurel.example", strings.NewReader("abc"))); rec.Code != 200 && rec.Code != 503 {
				t.Errorf("%d %s", rec.Code, rec.Body)
			}
		})
	}
	all.Wait()
	if rec := h.serve(uploading(t, "http://laurel.example", strings.NewReader("abc"))); rec.Code != 200 {
		t.Errorf("a place was lost: %d", rec.Code)
	}
}

// FuzzUpload: whatever is sent in whatever pieces arrives whole or is refused.
func FuzzUpload(f *testing.F) {
	f.Add([]byte("abc"), "application/octet-stream", false)
	f.Add([]byte{}, "application/octet-stream", true)
	f.Add([]byte("--x\r\n\r\nabc\r\n--x--"), "multipart/form-data; boundary=x", false)
	f.Add(make([]byte, testedUpload+1), "application/octet-stream; charset=utf-8", true)
	f.Fuzz(func(t *testing.T, body []byte, media string, chunked bool) {
		h := newHarness(t)
		registerUpload(h.API, func() {})
		r := uploading(t, "http://laurel.example", bytes.NewReader(body))
		r.Header["Content-Type"] = []string{media}
		if chunked {
			r.ContentLength = -1
		}
		rec := h.serve(r)
		switch rec.Code {
		case 200:
			if want := `{"size":` + strconv.Itoa(len(body)) + "}\n"; rec.Body.String() != want {
				t.Errorf("%s, want %s", rec.Body, want)
			}
		case 400, 413, 415, 422:
			problemIn(t, rec)
		default:
			t.Errorf("%d %s", rec.Code, rec.Body)
		}
	})
}
