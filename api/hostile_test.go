package api

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/laurel-gateway/laurel/internal/fault"
)

func TestHostileInput(t *testing.T) {
	h := newHarness(t)
	registerEcho(h.API, Secret)
	const secret = "s3cr3t-value"
	for name, tc := range map[string]struct {
		target  string
		body    string
		header  string
		status  int
		code    fault.Code
		pointer string
	}{
		"fine":                     {body: `{"name":"Ada"}`, status: 200},
		"fine with charset":        {body: `{"name":"Ada"}`, header: "Content-Type: application/json; charset=UTF-8", status: 200},
		"escaped slash in the id":  {target: "/v1/echo/a%2Fb", body: `{"name":"Ada"}`, status: 200},
		"empty body":               {status: 400, code: fault.BadRequest},
		"not JSON":                 {body: `{"name":`, status: 400, code: fault.MalformedJSON},
		"trailing data":            {body: `{"name":"Ada"}{}`, status: 400, code: fault.MalformedJSON},
		"duplicate name":           {body: `{"name":"Ada","name":"Bob"}`, status: 400, code: fault.MalformedJSON, pointer: "#/name"},
		"NUL raw":                  {body: "{\"name\":\"A\x00\"}", status: 400, code: fault.MalformedJSON},
		"NUL escaped":              {body: `{"name":"A\u0000"}`, status: 400, code: fault.MalformedJSON},
		"NUL in a name":            {body: `{"na\u0000me":"A"}`, status: 400, code: fault.MalformedJSON},
		"broken UTF-8":             {body: "{\"name\":\"\xff\xfe\"}", status: 400, code: fault.MalformedJSON},
		"NUL in the path":          {target: "/v1/echo/a%00b", body: `{"name":"Ada"}`, status: 400, code: fault.BadRequest},
		"broken UTF-8 in the path": {target: "/v1/echo/%ff", body: `{"name":"Ada"}`, status: 400, code: fault.BadRequest},
		"NUL in the query":         {target: "/v1/echo/x?limit=%00", body: `{"name":"Ada"}`, status: 400, code: fault.BadRequest},
		"broken query":             {target: "/v1/echo/x?limit=%zz", body: `{"name":"Ada"}`, status: 400, code: fault.BadRequest},
		"unknown query":            {target: "/v1/echo/x?limti=1", body: `{"name":"Ada"}`, status: 422, code: fault.Invalid, pointer: "#query/limti"},
		"query out of range":       {target: "/v1/echo/x?limit=99", body: `{"name":"Ada"}`, status: 422, code: fault.Invalid, pointer: "#query/limit"},
		"query given twice":        {target: "/v1/echo/x?limit=1&limit=2", body: `{"name":"Ada"}`, status: 422, code: fault.Invalid, pointer: "#query/limit"},
		"unknown field":            {body: `{"name":"Ada","nickname":"s3cr3t-value"}`, status: 422, code: fault.Invalid, pointer: "#/nickname"},
		"other case":               {body: `{"Name":"s3cr3t-value"}`, status: 422, code: fault.Invalid, pointer: "#"},
		"missing field":            {body: `{}`, status: 422, code: fault.Invalid, pointer: "#"},
		"wrong type":               {body: `{"name":["s3cr3t-value"]}`, status: 422, code: fault.Invalid, pointer: "#/name"},
		"null":                     {body: `{"name":null}`, status: 422, code: fault.Invalid, pointer: "#/name"},
		"too short":                {body: `{"name":"s"}`, status: 422, code: fault.Invalid, pointer: "#/name"},
		"list for an object":       {body: `["s3cr3t-value"]`, status: 422, code: fault.Invalid, pointer: "#"},
		"list within":              {body: `{"name":"Ada","lines":[{"quantity":1},{"quantity":0}]}`, status: 422, code: fault.Invalid, pointer: "#/lines/1/quantity"},
		"address that is none":     {body: `{"name":"Ada","site":"s3cr3t-value%zz://"}`, status: 422, code: fault.Invalid, pointer: "#/site"},
		"mail that is none":        {body: `{"name":"Ada","mail":"s3cr3t-value@@"}`, status: 422, code: fault.Invalid, pointer: "#/mail"},
		"1e400":                    {body: `{"name":"Ada","count":1e400}`, status: 422, code: fault.Invalid, pointer: "#/count"},
		"2^70":                     {body: `{"name":"Ada","count":1180591620717411303424}`, status: 422, code: fault.Invalid, pointer: "#/count"},
		"2^70 as a float":          {body: `{"name":"Ada","count":1.180591620717411303424e21}`, status: 422, code: fault.Invalid, pointer: "#/count"},
		"fraction":                 {body: `{"name":"Ada","count":1.5}`, status: 422, code: fault.Invalid, pointer: "#/count"},
		"whole number as a float":  {body: `{"name":"Ada","lines":[{"quantity":1e1}]}`, status: 422, code: fault.Invalid},
		"negative":                 {body: `{"name":"Ada","lines":[{"quantity":-1}]}`, status: 422, code: fault.Invalid, pointer: "#/lines/0/quantity"},
		"null body":                {body: `null`, status: 422, code: fault.Invalid, pointer: "#"},
		"deep":                     {body: strings.Repeat(`{"name":`, 100) + "1" + strings.Repeat("}", 100), status: 400, code: fault.MalformedJSON},
		"form":                     {body: `name=Ada`, header: "Content-Type: application/x-www-form-urlencoded", status: 415, code: fault.UnsupportedMedia},
		"no content type":          {body: `{"name":"Ada"}`, header: "Content-Type: ", status: 415, code: fault.UnsupportedMedia},
		"other charset":            {body: `{"name":"Ada"}`, header: "Content-Type: application/json; charset=latin1", status: 415, code: fault.UnsupportedMedia},
		"compressed":               {body: `{"name":"Ada"}`, header: "Content-Encoding: gzip", status: 415, code: fault.UnsupportedMedia},
		"large":                    {body: `{"name":"` + strings.Repeat("a", 1<<20) + `"}`, status: 413, code: fault.BodyTooLarge},
		"nothing there":            {target: "/v1/nothing", body: `{}`, status: 404, code: fault.NotFound},
	} {
		t.Run(name, func(t *testing.T) {
			target := tc.target
			if target == "" {
				target = "/v1/echo/x"
			}
			header := []string{"Authorization: Bearer sk_test_a"}
			if tc.header != "" {
				header = append(header, tc.header)
			}
			rec := h.ask(http.MethodPost, target, tc.body, header...)
			if rec.Code != tc.status {
				t.Fatalf("status %d, want %d: %s", rec.Code, tc.status, rec.Body)
			}
			if strings.Contains(rec.Body.String(), secret) && tc.status != 200 {
				t.Errorf("the problem repeats what was sent: %s", rec.Body)
			}
			if tc.code == "" {
				return
			}
			p := problemIn(t, rec)
			if p.Code != string(tc.code) {
				t.Errorf("code %s, want %s", p.Code, tc.code)
			}
			if want := "https://laurel.example/problems/" + strings.ReplaceAll(p.Code, "_", "-"); p.Type != want {
				t.Errorf("type %s, want %s", p.Type, want)
			}
			if tc.pointer != "" && (len(p.Errors) == 0 || p.Errors[0].Pointer != tc.pointer) {
				t.Errorf("errors %+v, want a pointer %s", p.Errors, tc.pointer)
			}
		})
	}
	if strings.Contains(h.logs.String(), secret) {
		t.Error("the log repeats what was sent")
	}
}

func TestChunkedBodyIsBounded(t *testing.T) {
	h := newHarness(t, func(d *Deps) { d.MaxBody = 1000 })
	registerEcho(h.API, Secret)
	server := httptest.NewServer(h)
	defer server.Close()
	endless := struct{ *strings.Reader }{strings.NewReader(strings.Repeat(" ", 1_000_000))}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+"/v1/echo/x", endless)
	if err != nil {
		t.Fatal(err)
	}
	req.ContentLength = -1
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer sk_test_a")
	res, err := server.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := res.Body.Close(); err != nil {
			t.Error(err)
		}
	}()
	if res.StatusCode != http.StatusRequestEntityTooLarge {
		t.Fatalf("status %d", res.StatusCode)
	}
}

func TestMethodNotAllowed(t *testing.T) {
	h := newHarness(t)
	registerEcho(h.API, Secret)
	rec := h.ask(http.MethodGet, "/v1/echo/x", "")
	if p := problemIn(t, rec); p.Code != "method_not_allowed" || !strings.Contains(rec.Header().Get("Allow"), "POST") {
		t.Fatalf("%+v, Allow %q", p, rec.Header().Get("Allow"))
	}
}

func TestHeadOfAnOperation(t *testing.T) {
	server := httptest.NewServer(newHarness(t))
	defer server.Close()
	res, err := server.Client().Head(server.URL + "/healthz")
	if err != nil {
		t.Fatal(err)
	}
	if err := res.Body.Close(); err != nil {
		t.Fatal(err)
	}
	if res.StatusCode != http.StatusOK || res.Header.Get("Content-Type") != "application/json" {
		t.Errorf("%d %v", res.StatusCode, res.Header)
	}
}

// A client that sends everything before it looks gets the refusal too, not a reset connection.
func TestAClientThatSendsFirstReadsTheRefusal(t *testing.T) {
	h := newHarness(t)
	registerEcho(h.API, Secret)
	server := httptest.NewServer(h.API)
	defer server.Close()
	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	const size = 10 << 20
	head := fmt.Sprintf("POST /v1/echo/x HTTP/1.1\r\nHost: laurel\r\nAuthorization: Bearer sk_test_a\r\nIdempotency-Key: k\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n", size)
	if _, err := io.WriteString(conn, head); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Write(bytes.Repeat([]byte(" "), size)); err != nil {
		t.Fatalf("cut off while it was sending: %v", err)
	}
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode != http.StatusRequestEntityTooLarge || !res.Close {
		t.Errorf("status %d, closes %v", res.StatusCode, res.Close)
	}
}
