package email

import "strings"

// provider says which spellings of a local part reach the same mailbox at a mail provider.
type provider struct {
	// home is the domain under which all its domains are one.
	home string
	// ignored are characters without meaning.
	ignored string
	// separator begins the part without meaning, besides "+".
	separator string
}

// providers holds what the large providers document. A domain that is not here has only the plus rule: at schools
// dots matter.
var providers = map[string]provider{
	"gmail.com":      {home: "gmail.com", ignored: "."},
	"googlemail.com": {home: "gmail.com", ignored: "."},
	"icloud.com":     {home: "icloud.com"},
	"me.com":         {home: "icloud.com"},
	"mac.com":        {home: "icloud.com"},
	"proton.me":      {home: "proton.me", ignored: ".-_"},
	"protonmail.com": {home: "proton.me", ignored: ".-_"},
	"protonmail.ch":  {home: "proton.me", ignored: ".-_"},
	"pm.me":          {home: "proton.me", ignored: ".-_"},
	"yahoo.com":      {home: "yahoo.com", separator: "-"},
	"ymail.com":      {home: "ymail.com", separator: "-"},
	"yandex.com":     {home: "yandex.ru", ignored: ".-"},
	"yandex.ru":      {home: "yandex.ru", ignored: ".-"},
	"ya.ru":          {home: "yandex.ru", ignored: ".-"},
}

// canonicalMailbox returns the local part without what has no meaning, and the domain under which it is known. local
// is in lower case. What is left may be empty.
func canonicalMailbox(local, domain string) (mailbox, home string) {
	p, known := providers[domain]
	if !known {
		p = provider{home: domain}
	}
	local, _, _ = strings.Cut(local, "+")
	if p.separator != "" {
		local, _, _ = strings.Cut(local, p.separator)
	}
	if p.ignored != "" {
		local = strings.Map(func(r rune) rune {
			if strings.ContainsRune(p.ignored, r) {
				return -1
			}
			return r
		}, local)
	}
	return local, p.home
}
