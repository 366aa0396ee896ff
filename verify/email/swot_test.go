package email_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/laurel-gateway/laurel/verify"
	"github.com/laurel-gateway/laurel/verify/email"
)

// The figures of swot's list at the commit that lies beside a clone: files of schools and the three lists, and lines.
const (
	swotFiles   = 26870
	swotAbused  = 1929
	swotStopped = 1340
)

// What an importer could lose is not missed by a test that asks the importer: swot's files are read here once more, line by
// line, and every one of their domains is asked for.
func TestSwotAsItsFilesSayIt(t *testing.T) {
	archives, err := filepath.Glob(filepath.Join(shared, "swot-*.tar.gz"))
	if err != nil {
		t.Fatal(err)
	}
	if len(archives) == 0 {
		t.Logf("swot's list is not in %s: TestTheWholeListOfSchools asks for the shipped one", shared)
	}
	for _, archive := range archives {
		data, err := os.ReadFile(archive)
		if err != nil {
			t.Fatal(err)
		}
		schools, abused, stopped := swotLines(t, data)
		if len(schools)+3 != swotFiles || len(abused) != swotAbused || len(stopped) != swotStopped {
			t.Errorf("%d schools, %d abused, %d stopped", len(schools), len(abused), len(stopped))
		}
		content, _, err := lists(t).ListReader().Bytes(data, "", "")
		if err != nil {
			t.Fatal(err)
		}
		rules := imported(t, content).Rules()
		refused := map[string]bool{}
		for _, domain := range slices.Concat(abused, stopped) {
			refused[domain] = true
			for _, host := range []string{domain, "mail." + domain} {
				if rules.Domain(host).Eligible {
					t.Errorf("%s is eligible", host)
				}
			}
		}
		for _, school := range schools {
			want := true
			for domain := school; domain != ""; _, domain, _ = strings.Cut(domain, ".") {
				want = want && !refused[domain]
			}
			if got := rules.Check(email.Address{Domain: school, Canonical: "ada@" + school}); got.Eligible != want {
				t.Errorf("%s: %+v", school, got)
			}
		}
		if name := content.Name("mit.edu"); name != "Massachusetts Institute of Technology" || content.Count(verify.Eligible) != len(schools) {
			t.Errorf("mit.edu is %q; %d schools", name, content.Count(verify.Eligible))
		}
	}
}

// swotLines reads the schools, and the lines of abused.txt and stoplist.txt.
func swotLines(t *testing.T, data []byte) (schools, abused, stopped []string) {
	t.Helper()
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	for files := tar.NewReader(z); ; {
		header, err := files.Next()
		if errors.Is(err, io.EOF) {
			return schools, abused, stopped
		}
		if err != nil {
			t.Fatal(err)
		}
		name, inside := strings.CutPrefix(header.Name, "lib/domains/")
		// swot takes files for schools by their ending; three have lost it.
		if !inside || header.Typeflag != tar.TypeReg || filepath.Ext(name) != ".txt" {
			continue
		}
		text, err := io.ReadAll(files)
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.FieldsFunc(strings.ToLower(string(text)), func(r rune) bool { return r == '\n' || r == '\r' })
		switch name {
		case "abused.txt":
			abused = lines
		case "stoplist.txt":
			stopped = lines
		case "tlds.txt":
		default:
			labels := strings.Split(strings.TrimSuffix(name, ".txt"), "/")
			slices.Reverse(labels)
			schools = append(schools, strings.ToLower(strings.Join(labels, ".")))
		}
	}
}
