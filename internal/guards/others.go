package guards

var others = []Attack{
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
