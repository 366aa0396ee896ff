package datapack

import (
	"bytes"
	"io/fs"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/laurel-gateway/laurel/internal/fault"
)

// Format is how a list of domains comes.
type Format string

// The formats.
const (
	// Plain: one domain a line.
	Plain Format = "plain"
	// Swot: a folder for each label, a file for each school, abused.txt and stoplist.txt beside them.
	Swot Format = "swot"
	// Universities: the JSON of university-domains-list.
	Universities Format = "universities"
)

// Limits of what is read.
const (
	// MaxInput bounds a file as it is given, compressed or not, in bytes.
	MaxInput = 16 << 20
	// maxUnpacked bounds what an archive holds in all, and maxFiles how many files.
	maxUnpacked = 64 << 20
	maxFiles    = 200_000
	// maxDomains bounds the domains of a pack.
	maxDomains = 200_000
	// maxName bounds the name of an organisation, in bytes.
	maxName = 200
	// maxComplaints bounds how many wrong parts one refusal names.
	maxComplaints = 20
)

// Reader reads lists of domains from the formats in which they come.
type Reader struct {
	// Provider tells of a canonical domain whether it is a provider of free or disposable mail. Whoever puts one into a
	// list of eligible domains makes everybody eligible. nil knows none.
	Provider func(domain string) bool
	// School tells of a canonical domain whether it is known to be a school's, whatever else is known of it: schools are
	// found in lists of providers, and among public suffixes. nil knows none.
	School func(domain string) bool
}

// Bytes reads a file: a plain list, the JSON of university-domains-list, or an archive (tar, tar.gz) with either or with
// swot's folders. A plain list is for the purpose that is named; the other formats say it themselves. Where no format is
// named it is recognised. Faults: invalid, pointing at lines ("#/text/3" is the third) or at files of an archive.
func (r Reader) Bytes(data []byte, format Format, purpose Purpose) (*Content, Format, error) {
	if len(data) > MaxInput {
		return nil, "", fault.Newf(fault.Invalid, "A data pack has at most %d bytes.", MaxInput)
	}
	if bytes.HasPrefix(data, gzipMagic) {
		text, err := gunzip(data, maxUnpacked)
		if err != nil {
			return nil, "", fault.New(fault.Invalid, "The compressed file cannot be unpacked, or holds too much.").Wrap(err)
		}
		data = text
	}
	files := map[string][]byte{"list.txt": data}
	if isTar(data) {
		var err error
		if files, err = untar(data); err != nil {
			return nil, "", err
		}
	}
	return r.files(files, format, purpose)
}

// Folder reads swot's folders, or a folder with one file of another format, as Bytes reads an archive. Nothing outside is
// followed: a folder with symbolic links is refused.
func (r Reader) Folder(folder fs.FS, format Format, purpose Purpose) (*Content, Format, error) {
	files, err := walk(folder)
	if err != nil {
		return nil, "", err
	}
	return r.files(files, format, purpose)
}

// files reads what an archive or a folder holds, or the one file that came alone.
func (r Reader) files(files map[string][]byte, format Format, purpose Purpose) (*Content, Format, error) {
	c := &collector{Reader: r, refusal: fault.New(fault.Invalid, "Some parts of the data pack cannot be used.")}
	if domains := swotRoot(files); domains != "" && (format == "" || format == Swot) {
		c.swot(files, domains)
		return c.done(Swot)
	}
	text, err := single(files)
	if err != nil {
		return nil, "", err
	}
	if format == "" {
		format = Plain
		if bytes.HasPrefix(bytes.TrimSpace(text), []byte("[")) {
			format = Universities
		}
	}
	switch format {
	case Plain:
		if place(purpose) < 0 {
			return nil, "", fault.New(fault.Invalid, "A plain list does not say what it is for.").At("#/purpose", "one of eligible, abused, stopped")
		}
		c.lines("#/text", text, purpose, false)
	case Universities:
		c.universities(text)
	default:
		return nil, "", fault.New(fault.Invalid, "The file does not have this format.").At("#/format", "for swot: an archive or a folder with lib/domains; else plain or universities")
	}
	return c.done(format)
}

// single returns the one file that has the list: the only .json file, or the only .txt file that is no licence.
func single(files map[string][]byte) ([]byte, error) {
	for _, extension := range []string{".json", ".txt", ".csv"} {
		var found []string
		for name := range files {
			base := strings.ToLower(path.Base(name))
			if path.Ext(base) == extension && !strings.HasPrefix(base, "license") && !strings.HasPrefix(base, "readme") {
				found = append(found, name)
			}
		}
		if len(found) == 1 {
			return bytes.TrimPrefix(files[found[0]], []byte("\ufeff")), nil
		}
	}
	return nil, fault.New(fault.Invalid, "The archive has neither swot's folders nor exactly one list.").At("#/archive", "pack lib/domains, one .json file, or one .txt file")
}

// collector gathers entries and complaints.
type collector struct {
	Reader
	entries []Entry
	refusal *fault.Fault
}

func (c *collector) done(format Format) (*Content, Format, error) {
	if len(c.refusal.Fields) > 0 {
		return nil, format, c.refusal
	}
	content := New(c.entries)
	total := 0
	for _, p := range Purposes() {
		total += content.Count(p)
	}
	if total == 0 || total > maxDomains {
		return nil, format, fault.Newf(fault.Invalid, "A data pack has from 1 to %d domains.", maxDomains).At("#/text", "wrong number of domains")
	}
	return content, format, nil
}

// full reports whether enough complaints, or too many domains, were gathered for anything more to matter.
func (c *collector) full() bool {
	return len(c.refusal.Fields) >= maxComplaints || len(c.entries) > 2*maxDomains
}

func (c *collector) complain(at, why string) { c.refusal = c.refusal.At(at, why) }

// add reads one domain. top allows whole top-level domains of any kind, which swot stops.
func (c *collector) add(at, text, name string, purpose Purpose, top bool) {
	domain, why := c.domain(text, purpose, top)
	if why != "" {
		c.complain(at, why)
		return
	}
	name, ok := cleanName(name)
	if !ok {
		c.complain(at, "the name is not UTF-8")
		return
	}
	c.entries = append(c.entries, Entry{purpose, domain, name})
}

func (c *collector) domain(text string, purpose Purpose, top bool) (domain, why string) {
	if !utf8.ValidString(text) {
		return "", "not UTF-8"
	}
	if label, ok := topLevel(text, top && purpose != Eligible); ok {
		return label, ""
	}
	domain, err := Canonical(text)
	switch {
	case err != nil:
		return "", "not a domain"
	case purpose != Eligible || c.School != nil && c.School(domain):
		return domain, ""
	case c.Provider != nil && c.Provider(domain):
		return "", "a provider of free or disposable mail: everybody can have an address there"
	case isPublic(domain):
		return "", "anybody can register a domain under this one"
	}
	return domain, ""
}

// topLevel accepts the top-level domains under which only members of a group are registered, and others where any may
// stand.
func topLevel(text string, any bool) (string, bool) {
	text = strings.ToLower(strings.TrimPrefix(text, "."))
	for _, known := range wholeTopLevels {
		if text == known {
			return text, true
		}
	}
	letters := strings.IndexFunc(text, func(r rune) bool { return r < 'a' || r > 'z' }) < 0
	return text, any && letters && len(text) >= 2 && len(text) <= 63
}

// cleanName makes one line of a name, without what cannot be seen, cut at a whole letter.
func cleanName(name string) (string, bool) {
	if !utf8.ValidString(name) {
		return "", false
	}
	name = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return ' '
		}
		if !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, name)
	name = strings.Join(strings.Fields(name), " ")
	for cut := maxName; len(name) > maxName; cut-- {
		if utf8.RuneStart(name[cut]) {
			name = name[:cut]
		}
	}
	return name, true
}
