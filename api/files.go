package api

import (
	"bytes"
	"crypto/rand"
	"embed"
	"encoding/base64"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"

	"github.com/labstack/echo/v4"
	"github.com/laurel-gateway/laurel/api/problem"
	"github.com/laurel-gateway/laurel/internal/fault"
)

//go:embed docs
var docsFiles embed.FS

// nonceMark stands in an index.html where the nonce of the response's style policy goes.
const nonceMark = "__CSP_NONCE__"

const (
	// pagePolicy is for pages whose scripts and styles are files of ours.
	pagePolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
		"connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
	// consolePolicy has a nonce for the styles that the console's components inject.
	consolePolicy = "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-%s'; style-src-attr 'unsafe-inline'; " +
		"img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)

// tree serves files that are built into the program, each read once.
type tree struct {
	files map[string]file
}

type file struct {
	body []byte
	tag  string
	kind string
	// lasting files have a hash in their name: what they hold never changes.
	lasting bool
}

func newTree(from fs.FS) (*tree, error) {
	t := &tree{files: map[string]file{}}
	err := fs.WalkDir(from, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		body, err := fs.ReadFile(from, name)
		if err != nil {
			return fmt.Errorf("reading %s: %w", name, err)
		}
		t.files[name] = file{body: body, tag: ETag(body), kind: kindOf(name), lasting: hashed(name)}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("reading built files: %w", err)
	}
	return t, nil
}

// hashed reports whether a file has a hash of its content in its name, as the builds of the front ends give it to what
// their first files load.
func hashed(name string) bool {
	return strings.HasPrefix(name, "assets/") || strings.HasPrefix(name, "widget/")
}

// kinds are the media types of what the front ends are made of. The system's own table differs from machine to machine.
var kinds = map[string]string{
	".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
	".svg": "image/svg+xml", ".json": contentTypeJSON, ".png": "image/png", ".webp": "image/webp", ".jpg": "image/jpeg",
	".woff2": "font/woff2", ".ico": "image/x-icon", ".txt": "text/plain; charset=utf-8", ".map": contentTypeJSON,
}

func kindOf(name string) string {
	if k, ok := kinds[path.Ext(name)]; ok {
		return k
	}
	if k := mime.TypeByExtension(path.Ext(name)); k != "" {
		return k
	}
	return "application/octet-stream"
}

// send answers with a file, or 304 when the client has it.
func send(c echo.Context, f file) error {
	h := c.Response().Header()
	h.Set("ETag", f.tag)
	if f.lasting {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	} else {
		h.Set("Cache-Control", "no-cache")
	}
	if Matches(c.Request().Header.Get("If-None-Match"), f.tag) {
		return c.NoContent(http.StatusNotModified)
	}
	return blob(c, http.StatusOK, f.kind, f.body)
}

func blob(c echo.Context, status int, kind string, body []byte) error {
	if c.Request().Method == http.MethodHead {
		c.Response().Header().Set("Content-Type", kind)
		return c.NoContent(status)
	}
	if err := c.Blob(status, kind, body); err != nil {
		return fmt.Errorf("sending a file: %w", err)
	}
	return nil
}

// registerFiles adds the pages: the front ends, the reference, the problems.
func (a *API) registerFiles() error {
	docs, err := fs.Sub(docsFiles, "docs")
	if err != nil {
		return fmt.Errorf("reading the reference viewer: %w", err)
	}
	if err := a.pages("/docs", docs, plainPage); err != nil {
		return err
	}
	a.get("/openapi.json", a.openAPI)
	a.get("/openapi.yaml", a.openAPI)
	a.get("/problems/:code", a.problemPage)
	if err := a.widget(); err != nil {
		return err
	}
	if a.deps.MyData != nil {
		if err := a.pages("/my-data", a.deps.MyData, plainPage); err != nil {
			return err
		}
	}
	if a.deps.Demo != nil {
		if err := a.pages("/demo", a.deps.Demo, plainPage); err != nil {
			return err
		}
	}
	if a.deps.Admin != nil {
		if err := a.pages("/admin", a.deps.Admin, consolePage); err != nil {
			return err
		}
	}
	for prefix, handler := range a.deps.Mounts {
		a.echo.Any(prefix, echo.WrapHandler(handler))
		a.echo.Any(strings.TrimSuffix(prefix, "/")+"/*", echo.WrapHandler(handler))
	}
	return nil
}

func (a *API) get(path string, h echo.HandlerFunc) {
	a.echo.GET(path, h)
	a.echo.HEAD(path, h)
}

// page answers with an index.html.
type page func(c echo.Context, index file) error

func plainPage(c echo.Context, index file) error {
	c.Response().Header().Set("Content-Security-Policy", pagePolicy)
	return send(c, index)
}

// consolePage gives each response a nonce of its own, so it is never the same twice and never kept.
func consolePage(c echo.Context, index file) error {
	raw := make([]byte, 18)
	rand.Read(raw)
	nonce := base64.RawURLEncoding.EncodeToString(raw)
	h := c.Response().Header()
	h.Set("Content-Security-Policy", fmt.Sprintf(consolePolicy, nonce))
	h.Set("Cache-Control", "no-store")
	return blob(c, http.StatusOK, index.kind, bytes.ReplaceAll(index.body, []byte(nonceMark), []byte(nonce)))
}

// pages serves a front end below a prefix. What is no file is a route of the page itself, unless it looks like a file.
func (a *API) pages(prefix string, from fs.FS, show page) error {
	files, err := newTree(from)
	if err != nil {
		return err
	}
	index, ok := files.files["index.html"]
	if !ok {
		return errors.New("a front end without index.html: " + prefix)
	}
	handle := func(c echo.Context) error {
		name := strings.Trim(c.Param("*"), "/")
		f, found := files.files[name]
		switch {
		case found && path.Ext(name) == ".html" && name != "index.html":
			return plainPage(c, f)
		case found && name != "index.html":
			return send(c, f)
		}
		if f, found = files.files[name+".html"]; found && name != "index" {
			return plainPage(c, f)
		}
		if path.Ext(name) != "" && name != "index.html" {
			return echo.ErrNotFound
		}
		return show(c, index)
	}
	a.get(prefix, handle)
	a.get(prefix+"/*", handle)
	return nil
}

// widget serves the script that stores embed: any page may load it, and the steps and languages that it loads in turn.
func (a *API) widget() error {
	if a.deps.Widget == nil {
		return nil
	}
	files, err := newTree(a.deps.Widget)
	if err != nil {
		return err
	}
	for name, f := range files.files {
		a.get("/"+name, func(c echo.Context) error {
			h := c.Response().Header()
			h.Set("Access-Control-Allow-Origin", "*")
			h.Set("Cross-Origin-Resource-Policy", "cross-origin")
			if err := send(c, f); err != nil {
				return err
			}
			return nil
		})
	}
	return nil
}

func (a *API) openAPI(c echo.Context) error {
	d, err := a.Document()
	if err != nil {
		return err
	}
	c.Response().Header().Set("Access-Control-Allow-Origin", "*")
	if strings.HasSuffix(c.Path(), ".yaml") {
		return send(c, file{body: d.YAML, tag: ETag(d.YAML), kind: "application/yaml"})
	}
	return send(c, file{body: d.JSON, tag: ETag(d.JSON), kind: contentTypeJSON})
}

var problemTemplate = template.Must(template.New("problem").Parse(`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{.Title}} · Laurel</title><link rel="icon" href="data:,"><link rel="stylesheet" href="/docs/docs.css"></head>
<body><main class="problem"><p><a href="/docs">API reference</a></p><h1>{{.Title}}</h1>
<p><code>{{.Code}}</code> · HTTP {{.Status}}</p><p>{{.Help}}</p></main></body></html>
`))

// problemPage explains one kind of problem: it is what a problem's type leads to.
func (a *API) problemPage(c echo.Context) error {
	code := problem.CodeOfSlug(c.Param("code"))
	if !problem.Known(code) {
		return echo.ErrNotFound
	}
	var b bytes.Buffer
	err := problemTemplate.Execute(&b, struct {
		problem.Entry
		Code fault.Code
	}{problem.Of(code), code})
	if err != nil {
		return fmt.Errorf("rendering a problem's page: %w", err)
	}
	c.Response().Header().Set("Content-Security-Policy", pagePolicy)
	return send(c, file{body: b.Bytes(), tag: ETag(b.Bytes()), kind: kinds[".html"]})
}
