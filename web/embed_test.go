package web_test

import (
	"io/fs"
	"strings"
	"testing"

	"github.com/laurel-gateway/laurel/web"
)

func TestEveryFrontEndIsEmbedded(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name  string
		files fs.FS
		want  []string
	}{
		{"widget", web.Widget(), []string{"widget.js", "widget/de.js"}},
		{"admin", web.Admin(), []string{"index.html"}},
		{"demo", web.Demo(), []string{"index.html", "inbox.html"}},
	}
	for _, each := range cases {
		for _, name := range each.want {
			if text, err := fs.ReadFile(each.files, name); err != nil || len(text) == 0 {
				t.Errorf("%s: %s: %d bytes, %v", each.name, name, len(text), err)
			}
		}
	}
}

func TestPagesObeyAStrictContentSecurityPolicy(t *testing.T) {
	t.Parallel()
	for _, files := range []fs.FS{web.Admin(), web.Demo()} {
		names, err := fs.Glob(files, "*.html")
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			text, err := fs.ReadFile(files, name)
			if err != nil {
				t.Fatal(err)
			}
			for _, inline := range []string{"<style", " style=", "<script>", " onclick=", "//"} {
				if strings.Contains(string(text), inline) {
					t.Errorf("%s contains %q", name, inline)
				}
			}
		}
	}
}
