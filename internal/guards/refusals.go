package guards

var refusals = []Attack{
	{What: "timing and body of refusals", Who: "somebody who wants to know who is verified, or what a register holds", Guards: []Guard{
		{How: "asking with the mailbox of somebody else", Stands: "nothing about a person is looked up before possession is proven", File: "verify/answer.go",
			From: "\tsealed, err := s.Sealer.Seal(ask.Private, challengeOf(v.ID, p.requirement))",
			To: "\tif held, err := tx.HeldBy(ctx, v.Group, []PersonTag{PersonTag(p.tagger.PersonTag(p.digest))}); err != nil || len(held) > 0 {\n\t\treturn nil, ErrInvalidStep\n\t}\n" +
				"\tsealed, err := s.Sealer.Seal(ask.Private, challengeOf(v.ID, p.requirement))",
			Test: Test{"verify/verifyfake", "TestStorage/RefusalsAreUniform"}},
		{How: "asking a register about numbers", Stands: "one refusal, whether nobody has the number or somebody else", File: "verify/registry/verifier.go",
			From: "\tif !found {\n\t\tf.verdict = Differs\n\t}", To: "\tif !found {\n\t\treturn finding{}, verify.ErrInvalidStep\n\t}",
			Test: Test{"verify/registry", "TestRefusalsAreUniform"}},
		{How: "asking which decisions are awaited", Stands: "one refusal, whether the store, the verification or the signature is wrong", File: "verify/decision.go",
			From: "case !d.Trusted && fault.From(err) != nil && fault.CodeOf(err) != fault.Invalid:", To: "case !d.Trusted && fault.CodeOf(err) == fault.Overloaded:",
			Test: Test{"verify", "TestADecisionFromOutside"}},
		{How: "asking whether a sign-in is known", Stands: "one refusal for a state that is unknown, used, too old or another browser's", File: "verify/sso.go",
			From: "if fault.CodeOf(err) == fault.NotFound {\n\t\t\treturn nil, ErrSSOInvalid\n\t\t}", To: "",
			Test: Test{"verify/verifyfake", "TestStorage/ASignInWorksOnceAndInOneBrowser"}},
		{How: "typing offer codes until the answer differs", Stands: "every bad code gets the same answer", File: "internal/checkout/guesses.go",
			From: "if slices.Contains(p.Tokens, jti) || !slices.Contains(aboutToken, fault.CodeOf(err)) {", To: "if slices.Contains(p.Tokens, jti) || slices.Contains(aboutToken, fault.CodeOf(err)) {",
			Test: Test{"internal/checkout", "TestEveryBadCodeIsRefusedAlike"}},
	}},
}
