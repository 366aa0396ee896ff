package datapack_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/verify/datapack"
)

// reader knows one provider, and one school that stands among providers.
var reader = datapack.Reader{
	Provider: func(domain string) bool { return domain == "gmail.com" || domain == "nus.edu.sg" },
	School:   func(domain string) bool { return domain == "nus.edu.sg" },
}

func domains(c *datapack.Content, p datapack.Purpose) string {
	var out []string
	for domain := range c.All(p) {
		out = append(out, domain)
	}
	return strings.Join(out, " ")
}

// packed makes an archive of files, in the order of their names.
func packed(t testing.TB, files map[string]string, more ...tar.Header) []byte {
	t.Helper()
	var b bytes.Buffer
	archive := tar.NewWriter(&b)
	names := make([]string, 0, len(files))
	for name := range files {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		must(t, archive.WriteHeader(&tar.Header{Name: name, Typeflag: tar.TypeReg, Mode: 0o644, Size: int64(len(files[name]))}))
		_, err := archive.Write([]byte(files[name]))
		must(t, err)
	}
	for _, header := range more {
		must(t, archive.WriteHeader(&header))
	}
	must(t, archive.Close())
	return b.Bytes()
}

func compressed(t testing.TB, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, err := z.Write(data)
	must(t, err)
	must(t, z.Close())
	return b.Bytes()
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestPlainLists(t *testing.T) {
	c, format, err := reader.Bytes([]byte("\ufeff# schools\r\n.mil\r\n*.K12.ca.us # all\r\n@sfusd.edu\tSan Francisco  Unified\r\n\r\nsfusd.edu\nbücher.example\n"), "", datapack.Eligible)
	if err != nil || format != datapack.Plain {
		t.Fatal(format, err)
	}
	if got := domains(c, datapack.Eligible); got != "k12.ca.us mil sfusd.edu xn--bcher-kva.example" {
		t.Errorf("domains %s", got)
	}
	if got := c.Name("mail.sfusd.edu"); got != "San Francisco Unified" {
		t.Errorf("the name of a subdomain: %q", got)
	}
	if c, _, err := reader.Bytes([]byte("gmail.com\nco.uk\n"), datapack.Plain, datapack.Abused); err != nil || c.Count(datapack.Abused) != 2 {
		t.Errorf("anything may be refused: %v", err)
	}
	for text, wants := range map[string][]string{
		"ok.example\nnot a domain\ngmail.com\ncom\nco.uk\nac.uk\n": {"#/text/2", "#/text/3", "#/text/4", "#/text/5"},
		"# nothing\n":                          {"#/text"},
		"a.example\n\xff\xfe.example\n":        {"#/text/2"},
		"a.example\tname \xff\n":               {"#/text/1"},
		strings.Repeat("x", 5000) + "\n":       {"#/text/1"},
		"a.example\n\x00\n":                    {"#/text/2"},
		strings.Repeat("not a domain\n", 1000): slices.Repeat([]string{""}, 20),
	} {
		_, _, err := reader.Bytes([]byte(text), datapack.Plain, datapack.Eligible)
		f := fault.From(err)
		if f == nil || f.Code != fault.Invalid || len(f.Fields) != len(wants) {
			t.Errorf("%.40q: %+v", text, f)
			continue
		}
		for i, want := range wants {
			if want != "" && f.Fields[i].Pointer != want {
				t.Errorf("%.40q: complaint %d is at %s, want %s", text, i, f.Fields[i].Pointer, want)
			}
		}
	}
	if _, _, err := reader.Bytes([]byte("a.example\n"), "", ""); fault.CodeOf(err) != fault.Invalid {
		t.Errorf("without a purpose: %v", err)
	}
}

var swot = map[string]string{
	"lib/domains/edu/mit.txt":       "Massachusetts Institute of Technology",
	"lib/domains/sg/edu/nus.txt":    "\ufeffNational University of Singapore\r\n",
	"lib/domains/ac/mdx.txt":        "Sold University\n",
	"lib/domains/de/uni-köln.txt":   "\n  Universität zu Köln \nCologne\n",
	"lib/domains/abused.txt":        "mdx.ac\r\n# sold\nMDX.ac\ngmail.com\n",
	"lib/domains/stoplist.txt":      "parents.mit.edu\ntk\n",
	"lib/domains/tlds.txt":          "ac.jp\n",
	"LICENSE.txt":                   "MIT",
	"lib/domains/edu/not-a-list.md": "read me",
}

func TestSwotIsReadFromFolderAndArchiveAlike(t *testing.T) {
	folder := fstest.MapFS{}
	inside := fstest.MapFS{}
	deeper := map[string]string{}
	for name, text := range swot {
		folder[name] = &fstest.MapFile{Data: []byte(text)}
		if below, ok := strings.CutPrefix(name, "lib/domains/"); ok {
			inside[below] = &fstest.MapFile{Data: []byte(text)}
		}
		deeper["JetBrains-swot-187f89e/"+name] = text
	}
	c, format, err := reader.Folder(folder, "", "")
	if err != nil || format != datapack.Swot {
		t.Fatalf("%s, %+v", format, fault.From(err))
	}
	for p, want := range map[datapack.Purpose]string{
		datapack.Eligible: "mdx.ac mit.edu nus.edu.sg xn--uni-kln-e1a.de", datapack.Abused: "gmail.com mdx.ac", datapack.Stopped: "parents.mit.edu tk",
	} {
		if got := domains(c, p); got != want {
			t.Errorf("%s: %s, want %s", p, got, want)
		}
	}
	for domain, want := range map[string]string{"csail.mit.edu": "Massachusetts Institute of Technology", "nus.edu.sg": "National University of Singapore",
		"xn--uni-kln-e1a.de": "Universität zu Köln", "nobody.example": ""} {
		if got := c.Name(domain); got != want {
			t.Errorf("%s is %q, want %q", domain, got, want)
		}
	}
	archive := packed(t, swot)
	for what, read := range map[string]func() (*datapack.Content, datapack.Format, error){
		"lib/domains itself": func() (*datapack.Content, datapack.Format, error) { return reader.Folder(inside, "", "") },
		"tar":                func() (*datapack.Content, datapack.Format, error) { return reader.Bytes(archive, "", "") },
		"tar.gz": func() (*datapack.Content, datapack.Format, error) {
			return reader.Bytes(compressed(t, archive), datapack.Swot, "")
		},
		"a clone's archive": func() (*datapack.Content, datapack.Format, error) { return reader.Bytes(packed(t, deeper), "", "") },
	} {
		if other, _, err := read(); err != nil || other.Digest() != c.Digest() {
			t.Errorf("%s: %+v", what, fault.From(err))
		}
	}
}

func TestUniversitiesAreRead(t *testing.T) {
	const list = `[{"name":"Massachusetts Institute of Technology","domains":["MIT.edu","mit.edu"],"web_pages":["http://web.mit.edu/"],"country":"United States",
		"alpha_two_code":"US","state-province":null},{"name":"Cambridge","domains":["cam.ac.uk"],"web_pages":[],"country":"United Kingdom"},
		{"name":"Twice","domains":["cam.ac.uk"],"web_pages":[],"country":""}]`
	for what, data := range map[string][]byte{"json": []byte(list), "json with a mark": []byte("\ufeff" + list), "json.gz": compressed(t, []byte(list)),
		"archive": compressed(t, packed(t, map[string]string{"LICENSE.txt": "MIT", "world.json": list}))} {
		c, format, err := reader.Bytes(data, "", "")
		if err != nil || format != datapack.Universities {
			t.Fatalf("%s: %s, %+v", what, format, fault.From(err))
		}
		if got := domains(c, datapack.Eligible); got != "cam.ac.uk mit.edu" || c.Name("cam.ac.uk") != "Cambridge" {
			t.Errorf("%s: %s, %q", what, got, c.Name("cam.ac.uk"))
		}
	}
	for text, at := range map[string]string{
		`[]`:                               "#/text",
		`{"name":"A"}`:                     "#/purpose",
		`[1]`:                              "#/text/0",
		`[{"name":"A","domains":"a.edu"}]`: "#/text/0",
		`[{"name":"A","domains":["a.edu"]},{"name":"B","domains":[]}]`: "#/text/1",
		`[{"name":"A","domains":["gmail.com"]}]`:                       "#/text/0/domains/0",
		`[{"name":"A","domains":["a.edu","no domain"]}]`:               "#/text/0/domains/1",
		`[{"name":"A","domains":["a.edu"]}`:                            "#/text",
		`[{"name":"A","domains":["a.edu"]}] []`:                        "#/text",
		"[{\"name\":\"\xff\",\"domains\":[\"a.edu\"]}]":                "#/text",
		`[{"name":["A"],"domains":["a.edu"]}]`:                         "#/text/0",
	} {
		_, _, err := reader.Bytes([]byte(text), "", "")
		if f := fault.From(err); f == nil || f.Code != fault.Invalid || len(f.Fields) == 0 || f.Fields[0].Pointer != at {
			t.Errorf("%s: %+v", text, f)
		}
	}
}

func TestHostileArchivesAreRefused(t *testing.T) {
	file := func(name string) map[string]string {
		return map[string]string{name: "a.example\n", "lib/domains/edu/mit.txt": "MIT"}
	}
	many := map[string]string{}
	for i := range 100 {
		many[fmt.Sprintf("lib/domains/com/d%d.txt", i)] = strings.Repeat("x", 65<<10)
	}
	bomb := compressed(t, make([]byte, 80<<20))
	for what, data := range map[string][]byte{
		"a path out":                packed(t, file("../../etc/passwd.txt")),
		"a path out in the middle":  packed(t, file("lib/domains/edu/../../../x.txt")),
		"an absolute path":          packed(t, file("/etc/passwd.txt")),
		"a path with a backslash":   packed(t, file(`lib\domains\edu\mit.txt`)),
		"a symbolic link":           packed(t, swot, tar.Header{Name: "lib/domains/com/x.txt", Typeflag: tar.TypeSymlink, Linkname: "/etc/passwd"}),
		"a hard link":               packed(t, swot, tar.Header{Name: "lib/domains/com/x.txt", Typeflag: tar.TypeLink, Linkname: "lib/domains/edu/mit.txt"}),
		"a device":                  packed(t, swot, tar.Header{Name: "lib/domains/com/x.txt", Typeflag: tar.TypeChar}),
		"a file twice":              packed(t, swot, tar.Header{Name: "./lib/domains/edu/mit.txt", Typeflag: tar.TypeReg}),
		"a gzip bomb":               bomb,
		"half of a gzip":            compressed(t, packed(t, swot))[:100],
		"half of an archive":        packed(t, swot)[:1000],
		"an archive without end":    packed(t, swot)[:2048],
		"free mail as a school":     packed(t, map[string]string{"lib/domains/com/gmail.txt": "Gmail", "lib/domains/abused.txt": ""}),
		"a public suffix":           packed(t, map[string]string{"lib/domains/uk/co.txt": "Everybody", "lib/domains/abused.txt": ""}),
		"an unknown list":           packed(t, file("lib/domains/other.txt")),
		"schools with long names":   packed(t, many),
		"a name that is not UTF-8":  packed(t, file("lib/domains/edu/\xff.txt")),
		"text that is not UTF-8":    packed(t, map[string]string{"lib/domains/edu/mit.txt": "\xff\xfe", "lib/domains/abused.txt": ""}),
		"two lists":                 packed(t, map[string]string{"a.json": "[]", "b.json": "[]"}),
		"nothing":                   packed(t, nil),
		"more than any pack can be": make([]byte, datapack.MaxInput+1),
	} {
		if c, _, err := reader.Bytes(data, "", ""); fault.CodeOf(err) != fault.Invalid {
			t.Errorf("%s: %v, %v", what, c != nil, err)
		}
	}
}

func TestAFolderWithALinkIsRefused(t *testing.T) {
	dir := t.TempDir()
	must(t, os.MkdirAll(filepath.Join(dir, "lib/domains/edu"), 0o755))
	must(t, os.WriteFile(filepath.Join(dir, "lib/domains/edu/mit.txt"), []byte("MIT"), 0o600))
	root, err := os.OpenRoot(dir)
	must(t, err)
	defer func() { must(t, root.Close()) }()
	if c, _, err := reader.Folder(root.FS(), "", ""); err != nil || c.Name("mit.edu") != "MIT" {
		t.Fatal(err)
	}
	must(t, os.Symlink("/etc/passwd", filepath.Join(dir, "lib/domains/edu/x.txt")))
	if _, _, err := reader.Folder(root.FS(), "", ""); fault.CodeOf(err) != fault.Invalid {
		t.Fatalf("with a link: %v", err)
	}
}
