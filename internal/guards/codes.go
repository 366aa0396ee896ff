package guards

var codes = []Attack{
	{What: "code guessing (6th try) and code for another verification", Who: "somebody without the mailbox", Guards: []Guard{
		{How: "a sixth code", Stands: "the verification fails with the fifth wrong one, whichever code they were for", File: "verify/transition.go",
			From: "if c := v.Challenge; c != nil && c.MaxTries > 0 && v.Progress[r].Tries >= c.MaxTries {",
			To:   "if c := v.Challenge; c != nil && c.MaxTries < 0 {", Test: Test{"verify/verifyfake", "TestStorage/WrongCodesCountAndFail"}},
		{How: "five more tries by asking for a new code", Stands: "tries are counted for the verification, not for the code", File: "verify/transition.go",
			From: "v = v.count(r, Progress{Sends: 1})", To: "v = v.count(r, Progress{Sends: 1, Tries: -v.Progress[r].Tries})",
			Test: Test{"verify", "TestTriesAreCountedAcrossCodes"}},
		{How: "many verifications for one mailbox", Stands: "5 codes an hour and 10 a day for each mailbox, whoever asks", File: "verify/email/verifier.go",
			From: "Limits: limits(address),", To: "", Test: Test{"verify/verifyfake", "TestStorage/MailboxLimitsHoldUnderRace"}},
		{How: "any six digits", Stands: "the HMAC over verification, mailbox and code is compared", File: "verify/email/verifier.go",
			From: "if !hmac.Equal(c.MAC, c.mac(at.Verification, code)) {", To: "if len(c.MAC) == 0 {",
			Test: Test{"verify/verifyfake", "TestStorage/ACodeIsForItsVerificationOnly"}},
		{How: "the code that was mailed for another verification", Stands: "the verification is part of the HMAC", File: "verify/email/verifier.go",
			From: `verification+"\n"+c.Canonical+"\n"+code`, To: `c.Canonical+"\n"+code`, Test: Test{"verify/email", "TestACodeIsRefused"}},
		{How: "a code of yesterday", Stands: "ten minutes", File: "verify/email/verifier.go",
			From: "if !at.Now.Before(at.Pending.ExpiresAt) {", To: "if at.Pending.ExpiresAt.IsZero() {", Test: Test{"verify/email", "TestACodeIsRefused"}},
	}},
	{What: "scanner prefetch", Who: "a mail scanner, and whoever makes it or a shopper open a link", Guards: []Guard{
		{How: "the mail's links, opened", Stands: "a mail with a code has no link that answers anything", File: "internal/mail/shopper.go",
			From: "page{Code: code, Spoken:", To: `page{Code: code, Link: "https://gateway.example/answer?code=" + code, Spoken:`,
			Test: Test{"internal/mail", "TestAMailWithACodeHasNoLink"}},
		{How: "a step, opened with GET", Stands: "steps are answered with POST alone", File: "api/storefront/answer_email_code.go",
			From: "Method: http.MethodPost,", To: "Method: http.MethodGet,", Test: Test{"api/storefront", "TestOpeningALinkAnswersNothing"}},
		{How: "the address of a sign-in, in a mail or on a foreign page", Stands: "a browser that comes from elsewhere than the shop's page is asked first",
			File: "verify/sso/handler.go", From: "if !h.cameFrom(r, origin) {", To: `if origin == "" {`, Test: Test{"verify/sso", "TestAWayCannotBeHandedOn"}},
		{How: "the answer to that question, from a foreign page", Stands: "it is taken from the gateway's own page only", File: "verify/sso/handler.go",
			From: `if site := r.Header.Get("Sec-Fetch-Site"); site != "same-origin" {`, To: `if site := r.Header.Get("Sec-Fetch-Site"); site == "none" {`,
			Test: Test{"verify/sso", "TestAfterTheQuestionTheWayGoesOn"}},
	}},
}
