// Package fold makes texts comparable that people write in many ways: without case, accents and punctuation.
package fold

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

var (
	// writtenOut spells letters as they are written where they cannot be typed.
	writtenOut = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "Ä", "ae", "Ö", "oe", "Ü", "ue", "ø", "oe", "Ø", "oe", "å", "aa", "Å", "aa",
		"a\u0308", "ae", "o\u0308", "oe", "u\u0308", "ue", "A\u0308", "ae", "O\u0308", "oe", "U\u0308", "ue")
	// undecomposed are the letters that Unicode does not take apart.
	undecomposed = strings.NewReplacer("ß", "ss", "ẞ", "ss", "ø", "o", "Ø", "o", "ł", "l", "Ł", "l", "đ", "d", "Đ", "d", "ð", "d", "Ð", "d",
		"þ", "th", "Þ", "th", "æ", "ae", "Æ", "ae", "œ", "oe", "Œ", "oe", "ı", "i", "ħ", "h", "Ħ", "h")
)

// Words folds a text to lower-case letters and digits without accents, and splits it at everything else. Apostrophes and
// points join: "O’Brien" is "obrien".
func Words(text string) []string {
	return strings.Fields(strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r), r == '\'', r == '’', r == 'ʼ', r == '`', r == '.':
			return -1
		case unicode.IsLetter(r), unicode.IsDigit(r):
			return unicode.ToLower(r)
		}
		return ' '
	}, norm.NFKD.String(undecomposed.Replace(text))))
}

// WrittenOut spells umlauts and their like with letters that every keyboard has: "Müller" is "Mueller".
func WrittenOut(text string) string { return writtenOut.Replace(text) }

// Spellings returns the words of a text, and once more those of the text written out when they differ.
func Spellings(text string) [][]string {
	plain, long := Words(text), Words(WrittenOut(text))
	if slices.Equal(plain, long) {
		return [][]string{plain}
	}
	return [][]string{plain, long}
}
