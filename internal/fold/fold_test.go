package fold_test

import (
	"slices"
	"testing"

	"github.com/laurel-gateway/laurel/internal/fold"
)

func TestWords(t *testing.T) {
	for text, want := range map[string][]string{
		"":                        nil,
		"  ":                      nil,
		"École de Montréal":       {"ecole", "de", "montreal"},
		"ECOLE DE MONTRE\u0301AL": {"ecole", "de", "montreal"},
		"O’Brien St. Mary's":      {"obrien", "st", "marys"},
		"Smith-Jones":             {"smith", "jones"},
		"Łódź, Københavns":        {"lodz", "kobenhavns"},
		"straße":                  {"strasse"},
		"２０２６":                    {"2026"},
		"東京大学":                    {"東京大学"},
	} {
		if got := fold.Words(text); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestSpellings(t *testing.T) {
	if got := fold.Spellings("TU München"); len(got) != 2 || got[0][1] != "munchen" || got[1][1] != "muenchen" {
		t.Errorf("%q", got)
	}
	if got := fold.Spellings("MIT"); len(got) != 1 {
		t.Errorf("%q", got)
	}
}
