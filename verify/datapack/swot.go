package datapack

import (
	"bytes"
	"maps"
	"path"
	"slices"
	"strings"
)

// The lists that stand beside swot's folders.
const (
	swotAbused  = "abused.txt"
	swotStopped = "stoplist.txt"
	// swotTLDs are academic top-level domains. They are not taken: the gateway has its own list of them, without those
	// whose schools stand one by one.
	swotTLDs = "tlds.txt"
)

// maxSchool bounds the file of one school, in bytes.
const maxSchool = 64 << 10

// swotRoot returns the folder that swot's domains are in, with a final slash, or "" when there is none: "lib/domains",
// wherever it lies, or the one that holds abused.txt.
func swotRoot(files map[string][]byte) string {
	const folder = "lib/domains/"
	for _, name := range slices.Sorted(maps.Keys(files)) {
		before, _, found := strings.Cut("/"+name, "/"+folder)
		if found {
			return strings.TrimPrefix(before+"/"+folder, "/")
		}
	}
	if _, found := files[swotAbused]; found {
		return "./"
	}
	return ""
}

// swot reads swot's folders: the file edu/mit.txt stands for mit.edu, and its first line is the school's name.
func (c *collector) swot(files map[string][]byte, root string) {
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if c.full() {
			return
		}
		inside, found := strings.CutPrefix(name, strings.TrimPrefix(root, "./"))
		at := "#/archive/" + name
		switch {
		case !found || path.Ext(inside) != ".txt":
		case inside == swotAbused:
			c.lines(at, files[name], Abused, true)
		case inside == swotStopped:
			c.lines(at, files[name], Stopped, true)
		case inside == swotTLDs:
		case !strings.Contains(inside, "/"):
			c.complain(at, "a list that is not known: abused.txt, stoplist.txt and tlds.txt are")
		case len(files[name]) > maxSchool:
			c.complain(at, "too large for the names of a school")
		default:
			labels := strings.Split(strings.TrimSuffix(inside, ".txt"), "/")
			slices.Reverse(labels)
			c.add(at, strings.Join(labels, "."), firstLine(files[name]), Eligible, false)
		}
	}
}

func firstLine(text []byte) string {
	for line := range bytes.Lines(bytes.TrimPrefix(text, []byte("\ufeff"))) {
		if line = bytes.TrimSpace(line); len(line) > 0 {
			return string(line)
		}
	}
	return ""
}
