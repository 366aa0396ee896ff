package guards

var others = []Attack{
	{What: "moves and appeals as a way around", Who: "a shopper with two accounts, or staff", Guards: []Guard{
		{How: "handing one proof from account to account", Stands: "a move counts, once in 180 days", File: "verify/move.go",
			From: "return countIn(ctx, tx, windows, ErrMoveRefused, forced)", To: "return countIn(ctx, tx, windows, ErrMoveRefused, forced || len(windows) > 0)",
			Test: Test{"verify/verifyfake", "TestStorage/AProofMoves"}},
		{How: "moving what somebody else proved", Stands: "only who proved it and was told so can move it", File: "verify/move.go",
			From: "if v.State == PendingReview || len(held) == 0 || !slices.ContainsFunc(v.Errors, func(r Reason) bool { return r.Code == string(fault.AlreadyVerified) }) {",
			To:   "if slices.Contains(held, \"\") {", Test: Test{"verify/verifyfake", "TestStorage/OnlyAProofMoves"}},
		{How: "moving away from a label", Stands: "who is labelled does not move", File: "verify/move.go",
			From: "case len(cases) > 0:", To: "case len(cases) > 100:", Test: Test{"verify/verifyfake", "TestStorage/OnlyAProofMoves"}},
		{How: "deciding the appeal against a label of one's own", Stands: "nobody decides about a label that they set", File: "verify/award.go",
			From: "return c.By == g.by.Name }) {", To: "return c.By == \"\" }) {", Test: Test{"verify/verifyfake", "TestStorage/ABlockedPersonAppeals"}},
	}},
	{What: "a decision that was tampered with", Who: "an insider with the database", Guards: []Guard{
		{How: "a receipt that nobody signed", Stands: "the signature is checked when a decision is explained", File: "verify/explain.go",
			From: "return nil, SignatureBad", To: "return []byte(\"{}\"), SignatureGood", Test: Test{"verify/verifyfake", "TestStorage/DecisionsHaveReceipts"}},
		{How: "a receipt that says more than the evidence does", Stands: "the decision is computed again from what is kept", File: "verify/explain.go",
			From: "return ReplayedOther, findings, nil", To: "return ReplayedSame, findings, nil", Test: Test{"verify/verifyfake", "TestStorage/DecisionsHaveReceipts"}},
	}},
	{What: "a gateway that is sent inwards", Who: "a malicious store in a shared gateway, or a provider that redirects", Guards: []Guard{
		{How: "a webhook, provider or remote verifier whose name leads to a private address", Stands: "the address is checked after its name was resolved, on each connection",
			File: "internal/egress/client.go", From: "if !o.allows(target.Addr()) {", To: "if !target.IsValid() {",
			Test: Test{"internal/egress", "TestWhatANameWasResolvedToIsChecked"}},
		{How: "a redirect to somewhere else", Stands: "redirects are not followed", File: "internal/egress/client.go",
			From: "if len(via) > o.Redirects {", To: "if len(via) > o.Redirects+5 {", Test: Test{"internal/egress", "TestRedirectsAreNotFollowedUnlessAsked"}},
		{How: "an answer without end", Stands: "what is read is bounded", File: "internal/egress/client.go",
			From: "left: g.options.MaxBytes}", To: "left: 1000 * g.options.MaxBytes}", Test: Test{"internal/egress", "TestABodyIsBounded"}},
	}},
}
