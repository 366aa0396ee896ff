package web_test

import (
	"io/fs"
	"regexp"
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
		{"widget", web.Widget(), []string{"widget.js"}},
		{"admin", web.Admin(), []string{"index.html"}},
		{"demo", web.Demo(), []string{"index.html", "inbox.html"}},
		{"my data", web.MyData(), []string{"index.html"}},
	}
	for _, each := range cases {
		for _, name := range each.want {
			if text, err := fs.ReadFile(each.files, name); err != nil || len(text) == 0 {
				t.Errorf("%s: %s: %d bytes, %v", each.name, name, len(text), err)
			}
		}
	}
}

// The names of steps and languages have hashes: those that the first file names must be there.
func TestWhatTheWidgetLoadsIsEmbedded(t *testing.T) {
	t.Parallel()
	script, err := fs.ReadFile(web.Widget(), "widget.js")
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile(`\./(widget/[\w-]+\.js)`).FindAllSubmatch(script, -1)
	if len(named) < 10 {
		t.Errorf("the widget names %d files to load on demand", len(named))
	}
	for _, each := range named {
		if _, err := fs.Stat(web.Widget(), string(each[1])); err != nil {
			t.Error(err)
		}
	}
}

func TestPagesObeyAStrictContentSecurityPolicy(t *testing.T) {
	t.Parallel()
	for _, files := range []fs.FS{web.Admin(), web.Demo(), web.MyData()} {
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
