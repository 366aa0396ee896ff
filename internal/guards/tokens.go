package guards

var tokens = []Attack{
	{What: "shared or sold token", Who: "a reseller, and whoever buys from them", Guards: []Guard{
		{How: "a token that was made for another customer", Stands: "a token is good for its customer alone", File: "offers/book.go",
			From: `case t.Customer != "" && t.Customer != customer:`, To: `case t.Customer != "" && customer == "\x00":`,
			Test: Test{"offers", "TestATokenIsForItsCustomerOnce"}},
		{How: "a token that was used already", Stands: "a spent token is refused", File: "offers/book.go",
			From: "case t.State == TokenSpent:\n\t\treturn ErrTokenSpent\n", To: "", Test: Test{"offers", "TestATokenIsForItsCustomerOnce"}},
		{How: "a guest's token, on a proof that is somebody's", Stands: "a proof that is bound pays for its customer alone",
			File: "internal/checkout/purchase.go", From: "if a.Bound && a.Customer != customer {", To: `if a.Bound && customer == "\x00" {`,
			Test: Test{"internal/checkout", "TestAProofPaysForItsCustomerAlone"}},
		{How: "a token whose proof has ended", Stands: "the proof is looked at with every use", File: "internal/checkout/purchase.go",
			From: "if !a.Active(s.Now) {", To: "if a.Ended && a.Fraud {", Test: Test{"internal/checkout", "TestAProofPaysForItsCustomerAlone"}},
	}},
}
