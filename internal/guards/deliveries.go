package guards

var decisions = Test{"verify/remote", "TestDecisionsThatAreDelivered"}

var deliveries = []Attack{
	{What: "forged, replayed and delayed webhook", Who: "a network attacker, or a malicious remote verifier", Guards: []Guard{
		{How: "a decision that nobody signed, or somebody else", Stands: "the signature over id, time and body", File: "verify/remote/verifier.go",
			From: "if err := v.signer.VerifyIgnoringTimestamp(body, header); err != nil {", To: "if err := v.signer.VerifyIgnoringTimestamp(body, header); err != nil && v.signer == nil {",
			Test: decisions},
		{How: "a decision of an hour ago, or of tomorrow", Stands: "five minutes to either side", File: "verify/remote/verifier.go",
			From: "age > window || age < -window {", To: "age > 1000*window {", Test: decisions},
		{How: "the decision about another question or verification", Stands: "a decision names both, and is for them alone", File: "verify/remote/verifier.go",
			From: "if !ok || !same(body.Verification, at.Verification) || !same(body.RequestID, w.RequestID) {", To: `if !ok || !same("", "") {`,
			Test: decisions},
		{How: "the answer that was given to another question", Stands: "an answer is signed for the id of its question", File: "verify/remote/exchange.go",
			From: `if res.Header.Get("Webhook-Id") != id {`, To: `if id = res.Header.Get("Webhook-Id"); id == "" {`,
			Test: Test{"verify/remote", "TestABadAnswerIsNoDecision/signed for another question"}},
		{How: "an order of a shop, forged", Stands: "Shopify's HMAC over the raw body", File: "internal/shopify/webhook.go",
			From: "return hmac.Equal(sent, mac.Sum(nil))", To: "return !hmac.Equal(sent, nil) || mac.Size() > 0", Test: Test{"internal/shopify", "TestSignature"}},
		{How: "an order of another shop of the same app", Stands: "the shop has to be the one that is connected", File: "internal/shopify/webhook.go",
			From: "!signed(secrets.WebhookSecret, d) || !strings.EqualFold(d.Shop, connection.Shop)", To: "!signed(secrets.WebhookSecret, d) || strings.EqualFold(d.Shop, \"\")",
			Test: Test{"internal/shopify", "TestSignature"}},
		{How: "a report that a mailbox bounces, forged", Stands: "each source proves itself", File: "internal/bounce/reader.go",
			From: "if err := hook.VerifyIgnoringTimestamp(body, header); err != nil {", To: "if err := hook.VerifyIgnoringTimestamp(body, header); err != nil && hook == nil {",
			Test: Test{"internal/bounce", "TestOnlyTheSourceItselfIsBelieved"}},
		{How: "such a report, a week later", Stands: "a signed report is good for a day", File: "internal/bounce/reader.go",
			From: "age > fresh || age < -skew {", To: "age > 1000*fresh {", Test: Test{"internal/bounce", "TestOnlyTheSourceItselfIsBelieved"}},
		{How: "a webhook of the gateway's, forged towards the store", Stands: "every message is signed, so that the store can tell", File: "internal/webhook/sender.go",
			From: "signature, err := signer.Sign(d.EventID, now, d.Body)", To: `signature, err := signer.Sign("", now, d.Body)`,
			Test: Test{"internal/webhook", "TestAMessageIsSignedSoThatTheLibraryVerifiesIt"}},
	}},
}
