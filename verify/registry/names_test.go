package registry

import (
	"strings"
	"testing"

	"github.com/laurel-gateway/laurel/verify"
	"pgregory.net/rapid"
)

func TestNames(t *testing.T) {
	for name, c := range map[string]struct {
		given, known string
		want         Verdict
	}{
		"the same":                    {"Ada/Lovelace", "ADA//LOVELACE", Same},
		"accents":                     {"José/Núñez", "JOSE//NUNEZ", Same},
		"accents the other way":       {"Jose/Nunez", "José//Núñez", Same},
		"decomposed":                  {"Jose\u0301/Nun\u0303ez", "José//Núñez", Same},
		"umlauts":                     {"Jürgen/Müller", "JURGEN//MULLER", Same},
		"umlauts written out":         {"Jürgen/Müller", "JUERGEN//MUELLER", Same},
		"umlauts known, not given":    {"Juergen/Mueller", "Jürgen//Müller", Same},
		"letters without parts":       {"Łukasz/Strauß", "LUKASZ//STRAUSS", Same},
		"hyphens":                     {"Mary-Ann/Smith-Jones", "MARY ANN//SMITH JONES", Same},
		"joined":                      {"Maryann/Smithjones", "MARY ANN//SMITH-JONES", Same},
		"apostrophes":                 {"Sean/O’Brien", "SEAN//O'BRIEN", Same},
		"order":                       {"Lovelace/Ada", "ADA//LOVELACE", Same},
		"middle initial":              {"Ada M./Lovelace", "ADA/MARIA/LOVELACE", Same},
		"middle name not known":       {"Ada Maria/Lovelace", "ADA//LOVELACE", Same},
		"middle name not given":       {"Ada/Lovelace", "ADA/MARIA/LOVELACE", Same},
		"first initial, whole middle": {"J. Robert/Oppenheimer", "JULIUS/ROBERT/OPPENHEIMER", Same},
		"titles and suffixes":         {"Dr. Ada/Lovelace Jr, MD", "ADA//LOVELACE", Same},
		"a suffix that is the name":   {"Minh/Do", "MINH//DO", Same},
		"an initial alone":            {"A/Lovelace", "ADA//LOVELACE", Near},
		"a slip in the last name":     {"Ada/Lovelase", "ADA//LOVELACE", Near},
		"swapped letters":             {"Ada/Lovealce", "ADA//LOVELACE", Near},
		"a slip in the first name":    {"Jonn/Smith", "JOHN//SMITH", Near},
		"half of a compound":          {"Ana/García", "ANA//GARCIA LOPEZ", Near},
		"another middle name":         {"Ada Julia/Lovelace", "ADA/MARIA/LOVELACE", Near},
		"a nickname":                  {"Bob/Smith", "ROBERT//SMITH", Differs},
		"another last name":           {"Ada/Byron", "ADA//LOVELACE", Differs},
		"slips in both":               {"Adda/Lovelase", "ADAM//LOVELACE", Differs},
		"a short last name":           {"Bo/Li", "BO//LE", Differs},
		"nothing":                     {"/", "ADA//LOVELACE", Differs},
		"punctuation only":            {"-/.", "ADA//LOVELACE", Differs},
		"nothing known":               {"Ada/Lovelace", "//", Differs},
		"another script":              {"Аdа/Lоvеlасе", "ADA//LOVELACE", Differs},
	} {
		t.Run(name, func(t *testing.T) {
			first, last, _ := strings.Cut(c.given, "/")
			k := strings.Split(c.known, "/")
			got := Match(verify.PersonName{First: first, Last: last}, []verify.PersonName{{First: "X", Last: "Y"}, {First: k[0], Middle: k[1], Last: k[2]}})
			if got != c.want {
				t.Errorf("%q against %q: %d, want %d", c.given, c.known, got, c.want)
			}
		})
	}
}

// A name is always the same as itself, whatever the case and the marks on it; and never the same as one with another
// last name.
func TestNamesFold(t *testing.T) {
	word := rapid.StringMatching(`[A-Za-zäöüéñçßøł]{2,12}`)
	rapid.Check(t, func(t *rapid.T) {
		n := verify.PersonName{First: word.Draw(t, "first"), Last: word.Draw(t, "last")}
		loud := verify.PersonName{First: strings.ToUpper(n.First), Last: "  " + strings.ToLower(n.Last) + " "}
		if got := Match(loud, []verify.PersonName{n}); got != Same {
			t.Fatalf("%+v against %+v: %d", loud, n, got)
		}
		other := verify.PersonName{First: n.First, Last: n.Last + "qqqq"}
		if got := Match(other, []verify.PersonName{n}); got == Same {
			t.Fatalf("%+v is taken for %+v", other, n)
		}
	})
}
