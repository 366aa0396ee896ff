package mail

import (
	"strings"
	"testing"
)

// Scanners open every link of a mail before its reader does. So a mail with a code has none but the store's own help page,
// and the code is in no address.
func TestAMailWithACodeHasNoLink(t *testing.T) {
	for _, language := range languages {
		m, err := RenderCode(Letterhead{Store: "Books", Locales: []string{language}}, "246813", 10)
		if err != nil {
			t.Fatal(err)
		}
		for _, body := range []string{m.Text, m.HTML} {
			if !strings.Contains(body, "246813") {
				t.Errorf("%s: the code is not in the mail", language)
			}
			for _, link := range []string{"://", "href", "src=", "www."} {
				if strings.Contains(body, link) {
					t.Errorf("%s: the mail has %q:\n%s", language, link, body)
				}
			}
		}
	}
}
