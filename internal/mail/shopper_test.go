package mail

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "write the golden files anew")

// languages are those of the widget.
var languages = []string{"ar", "de", "en", "es", "fr", "it", "ja", "ko", "nl", "pl", "pt", "sv", "zh"}

var placeInText = regexp.MustCompile(`\{[a-z]+\}`)

func TestEveryLanguageSaysEverything(t *testing.T) {
	all, err := locales()
	if err != nil {
		t.Fatal(err)
	}
	var known []string
	for language := range all {
		known = append(known, language)
	}
	if slices.Sort(known); !slices.Equal(known, languages) {
		t.Fatalf("the languages are %v, want %v", known, languages)
	}
	english := all["en"]
	for language, l := range all {
		for key, original := range english.Texts {
			text, ok := l.Texts[key]
			switch {
			case !ok || strings.TrimSpace(text) != text || text == "":
				t.Errorf("%s: %s is %q", language, key, text)
			case !slices.Equal(places(text), places(original)):
				t.Errorf("%s: %s has the places %v, want %v", language, key, places(text), places(original))
			case language != "en" && text == original:
				t.Errorf("%s: %s is not translated", language, key)
			}
		}
		for key := range l.Texts {
			if _, ok := english.Texts[key]; !ok {
				t.Errorf("%s: %s is said in no other language", language, key)
			}
		}
		if len(l.Months) != 12 || slices.Contains(l.Months, "") || !slices.Equal(places(l.Date), []string{"{day}", "{month}", "{year}"}) {
			t.Errorf("%s: dates are %q of %v", language, l.Date, l.Months)
		}
	}
}

func places(text string) []string {
	found := placeInText.FindAllString(text, -1)
	slices.Sort(found)
	return found
}

// The golden files are the mails as shoppers get them: whoever changes a text sees what it becomes.
func TestMailsToShoppersAreGolden(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	until := time.Date(2027, 9, 30, 22, 0, 0, 0, time.UTC) // midnight in Berlin: the last day is the 30th
	for _, language := range languages {
		from := Letterhead{Store: "Books & more", Support: "https://shop.example/help?a=1&b=2", Locales: []string{language}}
		code, err := RenderCode(from, "123456", 10)
		if err != nil {
			t.Fatal(err)
		}
		reminder, err := RenderReminder(from, until, zone, "https://shop.example/students?a=1&b=2")
		if err != nil {
			t.Fatal(err)
		}
		for kind, m := range map[string]Message{"code": code, "reminder": reminder} {
			golden(t, kind+"."+language+".txt", "Subject: "+m.Subject+"\n\n"+m.Text)
			golden(t, kind+"."+language+".html", m.HTML)
			if m.Locale != language || strings.ContainsAny(m.Subject, "\r\n{}") || placeInText.MatchString(m.Text) {
				t.Errorf("%s in %s: %+v", kind, language, m)
			}
			wholesome(t, language, m)
		}
	}
}

// wholesome holds an HTML mail to what every client takes, in the dark too: nothing from elsewhere, no script, no colours
// of its own, the direction of its language.
func wholesome(t *testing.T, language string, m Message) {
	t.Helper()
	for _, bad := range []string{"<img", "<script", "<link", "src=", "url(", "background", "color:", "@import"} {
		if strings.Contains(strings.ToLower(m.HTML), bad) {
			t.Errorf("%s: the mail has %s", language, bad)
		}
	}
	direction := map[bool]string{true: "rtl", false: "ltr"}[language == "ar"]
	if !strings.Contains(m.HTML, `<html lang="`+language+`" dir="`+direction+`">`) || !strings.Contains(m.HTML, `name="color-scheme" content="light dark"`) {
		t.Errorf("%s: %s", language, m.HTML)
	}
	for _, link := range regexp.MustCompile(`href="([^"]*)"`).FindAllStringSubmatch(m.HTML, -1) {
		if !strings.HasPrefix(link[1], "https://shop.example/students") {
			t.Errorf("%s: the mail leads to %s", language, link[1])
		}
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs; run go test ./internal/mail -update when that is meant:\n%s", name, got)
	}
}

func TestALanguageThatNobodyWroteFallsBack(t *testing.T) {
	for want, wished := range map[string][]string{
		"de": {"de-AT"}, "pt": {"pt_BR"}, "zh": {"ZH-hant"}, "fr": {"xx", "fr-CA", "de"}, "en": {}, "ja": {"", "../en", "ja"},
	} {
		m, err := RenderCode(Letterhead{Store: "Books", Locales: wished}, "123456", 10)
		if err != nil || m.Locale != want {
			t.Errorf("%v: %s, %v; want %s", wished, m.Locale, err, want)
		}
	}
}

func TestAStoresNameIsNoMarkup(t *testing.T) {
	m, err := RenderCode(Letterhead{Store: "<img src=x>\r\n{code} Bcc: x", Support: `https://x"><script>`, Locales: []string{"ar"}}, "123456", 10)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(m.HTML, "<img") || strings.Contains(m.HTML, "<script") || strings.ContainsAny(m.Subject, "\r\n") || !strings.Contains(m.Subject, "{code}") {
		t.Errorf("%+v", m)
	}
	m, err = RenderReminder(Letterhead{Store: "Books"}, time.Now(), time.UTC, "javascript:alert(1)")
	if err != nil || strings.Contains(m.HTML, "javascript") {
		t.Errorf("%v: %s", err, m.HTML)
	}
}
