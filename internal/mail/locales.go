package mail

import (
	"embed"
	"encoding/json"
	"fmt"
	"html"
	"html/template"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

//go:embed locales
var localeFiles embed.FS

// locale is the words of one language.
type locale struct {
	// Date is the form of a date; Months are the names in it, January first.
	Date   string            `json:"date"`
	Months []string          `json:"months"`
	Texts  map[string]string `json:"texts"`

	language string
}

// rightToLeft are the languages written from right to left.
var rightToLeft = []string{"ar", "fa", "he", "ur"}

// locales are the languages in which shoppers are written to.
var locales = sync.OnceValues(func() (map[string]locale, error) {
	entries, err := localeFiles.ReadDir("locales")
	if err != nil {
		return nil, fmt.Errorf("list the languages of mails: %w", err)
	}
	all := map[string]locale{}
	for _, e := range entries {
		b, err := localeFiles.ReadFile(path.Join("locales", e.Name()))
		if err != nil {
			return nil, fmt.Errorf("read a language of mails: %w", err)
		}
		l := locale{language: strings.TrimSuffix(e.Name(), ".json")}
		if err := json.Unmarshal(b, &l); err != nil {
			return nil, fmt.Errorf("read the mails in %s: %w", l.language, err)
		}
		all[l.language] = l
	}
	return all, nil
})

// localeOf returns the first language that there is of those wished for ("de", "de-AT", "pt_BR"), or else English.
func localeOf(wished []string) (locale, error) {
	all, err := locales()
	if err != nil {
		return locale{}, err
	}
	for _, wish := range append(slices.Clone(wished), fallback) {
		if l, ok := all[languageIn(wish)]; ok {
			return l, nil
		}
	}
	return locale{}, fmt.Errorf("there are no mails in %s", fallback)
}

// languageIn is the language of a language tag (BCP 47).
func languageIn(tag string) string {
	language, _, _ := strings.Cut(strings.ToLower(strings.ReplaceAll(tag, "_", "-")), "-")
	return language
}

func (l locale) direction() string {
	if slices.Contains(rightToLeft, l.language) {
		return "rtl"
	}
	return "ltr"
}

// day writes the last day before a moment ends it, in a time zone.
func (l locale) day(until time.Time, zone *time.Location) string {
	last := until.Add(-time.Second).In(zone)
	return strings.NewReplacer("{day}", strconv.Itoa(last.Day()), "{month}", l.Months[last.Month()-1], "{year}", strconv.Itoa(last.Year())).Replace(l.Date)
}

// words fill the places of a text: {store}, {code}.
type words map[string]string

// plain is a text with its places filled.
func (l locale) plain(key string, w words) string {
	return fill(l.Texts[key], w, func(s string) string { return s })
}

// rich is plain as HTML. What fills a place has a direction of its own, so that a Latin name does not turn an Arabic
// sentence around.
func (l locale) rich(key string, w words) template.HTML {
	//nolint:gosec // both the text and what fills it are escaped here
	return template.HTML(fill(html.EscapeString(l.Texts[key]), w, func(s string) string { return "<bdi>" + html.EscapeString(s) + "</bdi>" }))
}

func fill(text string, w words, with func(string) string) string {
	var pairs []string
	for name, value := range w {
		pairs = append(pairs, "{"+name+"}", with(value))
	}
	return strings.NewReplacer(pairs...).Replace(text)
}
