package datapack

import (
	"bytes"
	"fmt"
	"strings"
)

// maxLine bounds a line, in bytes: a domain, a name and a comment.
const maxLine = 4096

// lines reads one domain a line: "#" begins a comment, "@" or "*." before a domain is ignored, a tab separates a name.
// Lines that are wrong are complained of as at, "/" and their number. top is as in add.
func (c *collector) lines(at string, text []byte, purpose Purpose, top bool) {
	n := 0
	for line := range bytes.Lines(bytes.TrimPrefix(text, []byte("\ufeff"))) {
		if n++; c.full() {
			return
		}
		here := fmt.Sprintf("%s/%d", at, n)
		if len(line) > maxLine {
			c.complain(here, "the line is too long")
			continue
		}
		entry, _, _ := strings.Cut(string(line), "#")
		domain, name, _ := strings.Cut(strings.TrimSpace(entry), "\t")
		if domain = strings.TrimSpace(domain); domain == "" {
			continue
		}
		c.add(here, strings.TrimPrefix(strings.TrimPrefix(domain, "@"), "*."), name, purpose, top)
	}
}
