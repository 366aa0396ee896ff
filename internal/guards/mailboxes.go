package guards

// bargainHunter is a shopper who wants a discount that is not theirs.
const bargainHunter = "a shopper who wants a discount"

var (
	domainRules = Test{"verify/email", "TestDomainRules"}
	oneMailbox  = Test{"verify/email", "TestOneMailboxHasOneName"}
)

var mailboxes = []Attack{
	{What: "abused domain and its subdomain", Who: bargainHunter, Guards: []Guard{
		{How: "an address at a school's domain that anybody can get", Stands: "the list of abused domains is asked before anything can accept",
			File: "verify/email/rules.go", From: "{r.Abused, ByAbused}, ", To: "{nil, ByAbused}, ", Test: domainRules},
		{How: "an address at a domain that only looks like a school", Stands: "the stop list, likewise",
			File: "verify/email/rules.go", From: "{r.Stopped, ByStopped}}", To: "{nil, ByStopped}}", Test: domainRules},
		{How: "a host below an abused or stopped domain", Stands: "a subdomain is what the domain above it is",
			File: "verify/email/rules.go", From: "first(x.lists, of); ok", To: "first(x.lists, of[:1]); ok", Test: domainRules},
		{How: "a throw-away mailbox", Stands: "the list of disposable domains",
			File: "verify/email/rules.go", From: "if bad, disposable, ok := first(r.Disposable, of); ok &&",
			To: "if bad, disposable, ok := first(r.Disposable, of); ok && false &&", Test: domainRules},
		{How: "a domain that ends like a school's", Stands: "suffixes end at a label's boundary", File: "verify/datapack/set.go",
			From: `_, rest, more := strings.Cut(domain, ".")`, To: "rest, more := domain[1:], len(domain) > 1", Test: domainRules},
	}},
	{What: "alumni address", Who: "a former student", Guards: []Guard{
		{How: "a host of former students below a school's domain", Stands: "labels of alumni hosts are refused unless a list names that very host",
			File: "verify/email/rules.go", From: "if hasAlumniLabel(domain) && (", To: "if hasAlumniLabel(domain) && domain == \"\" && (", Test: domainRules},
	}},
	{What: "plus/dot/case/Unicode variants of one mailbox", Who: bargainHunter, Guards: []Guard{
		{How: "ada+second@", Stands: "what follows a plus has no meaning", File: "verify/email/mailbox.go",
			From: `local, _, _ = strings.Cut(local, "+")`, To: "", Test: Test{"verify/verifyfake", "TestStorage/EverySpellingIsOnePerson"}},
		{How: "a.d.a@ where dots have no meaning", Stands: "the rules of the large providers", File: "verify/email/mailbox.go",
			From: `"gmail.com":      {home: "gmail.com", ignored: "."}`, To: `"gmail.com": {home: "gmail.com"}`, Test: oneMailbox},
		{How: "the provider's other domain", Stands: "one home for all domains of a provider", File: "verify/email/mailbox.go",
			From: `"googlemail.com": {home: "gmail.com", ignored: "."}`, To: `"googlemail.com": {home: "googlemail.com", ignored: "."}`, Test: oneMailbox},
		{How: "ADA@", Stands: "the canonical form is in lower case", File: "verify/email/address.go",
			From: "canonicalMailbox(strings.ToLower(local), domain)", To: "canonicalMailbox(local, domain)",
			Test: Test{"verify/verifyfake", "TestStorage/EverySpellingIsOnePerson"}},
		{How: "full-width letters", Stands: "Unicode is normalised (NFKC) first", File: "verify/email/address.go",
			From: "norm.NFKC.String(text)", To: "norm.NFC.String(text)", Test: oneMailbox},
		{How: "letters of another alphabet that look the same", Stands: "a local part is ASCII", File: "verify/email/address.go",
			From: "if !letter && !strings.ContainsRune(", To: "if c < 0x80 && !letter && !strings.ContainsRune(",
			Test: Test{"verify/email", "TestWhatIsNoAddress"}},
	}},
}
