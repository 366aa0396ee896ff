package datapack

import (
	"bytes"
	"encoding/json"
	"fmt"
	"unicode/utf8"
)

// university is one record of university-domains-list. Further fields are ignored.
type university struct {
	Name     string   `json:"name"`
	Domains  []string `json:"domains"`
	WebPages []string `json:"web_pages"`
	Country  string   `json:"country"`
}

// universities reads university-domains-list: an array of records. Only domains decide; web pages may be anywhere, and are
// not taken. A record that is wrong is complained of as "#/text/" and its place.
func (c *collector) universities(text []byte) {
	// The decoder would repair what is not UTF-8 without a word.
	if !utf8.Valid(text) {
		c.complain("#/text", "not UTF-8")
		return
	}
	records := json.NewDecoder(bytes.NewReader(text))
	if open, err := records.Token(); err != nil || open != json.Delim('[') {
		c.complain("#/text", "not a JSON array")
		return
	}
	for n := 0; records.More() && !c.full(); n++ {
		at := fmt.Sprintf("#/text/%d", n)
		var u university
		if err := records.Decode(&u); err != nil {
			// After a mistake of form the decoder cannot tell where the next record begins.
			c.complain(at, "not a record with name, domains, web_pages and country")
			return
		}
		c.university(at, u)
	}
	if c.full() {
		return
	}
	if closed, err := records.Token(); err != nil || closed != json.Delim(']') || records.More() {
		c.complain("#/text", "the JSON array does not end as it should")
	}
}

func (c *collector) university(at string, u university) {
	if u.Name == "" || len(u.Domains) == 0 {
		c.complain(at, "a record has a name and at least one domain")
		return
	}
	for i, domain := range u.Domains {
		if c.full() {
			return
		}
		c.add(fmt.Sprintf("%s/domains/%d", at, i), domain, u.Name, Eligible, false)
	}
}
