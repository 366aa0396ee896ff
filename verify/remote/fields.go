package remote

import (
	"maps"
	"net/mail"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/laurel-gateway/laurel/internal/fault"
)

// read returns what the shopper gave, trimmed, as the configuration declares it. Faults: invalid, with a pointer at each
// wrong field and never its value.
func (c Config) read(given map[string]string) (map[string]string, error) {
	f := fault.New(fault.Invalid, "Some of the fields are not as they must be.")
	out := map[string]string{}
	for _, field := range c.Fields {
		value := strings.TrimSpace(given[field.Name])
		if problem := field.problem(value); problem != "" {
			f = f.At("#/fields/"+field.Name, problem)
		}
		if value != "" {
			out[field.Name] = value
		}
	}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if !slices.ContainsFunc(c.Fields, func(field Field) bool { return field.Name == name }) {
			f = f.At("#/fields", "there is a field that was not asked for")
			break
		}
	}
	if len(f.Fields) > 0 {
		return nil, f
	}
	return out, nil
}

func (f Field) problem(value string) string {
	switch {
	case value == "" && f.Required:
		return "required"
	case value == "":
		return ""
	case utf8.RuneCountInString(value) > f.MaxLength:
		return "too long"
	}
	switch f.Type {
	case "email":
		if a, err := mail.ParseAddress(value); err != nil || a.Address != value {
			return "not a mail address"
		}
	case "number":
		if strings.Trim(value, "0123456789") != "" {
			return "digits only"
		}
	case "date":
		if _, err := time.Parse(time.DateOnly, value); err != nil {
			return "use a date such as 2001-12-31"
		}
	}
	return ""
}
