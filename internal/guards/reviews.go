package guards

var reviews = []Attack{
	{What: "reviewer approving their own or twice", Who: "an insider who reviews", Guards: []Guard{
		{How: "deciding about one's own proof", Stands: "a proof of the reviewer's mailbox or name is not theirs to decide", File: "verify/reviewing.go",
			From: "if own(v, evidence, by, tags) {", To: "if own(v, evidence, by, tags) && v.ID == \"\" {", Test: Test{"verify/verifyfake", "TestStorage/NobodyDecidesAboutThemselves"}},
		{How: "being given one's own proof to look at next", Stands: "the queue passes it over", File: "verify/reviewing.go",
			From: "if err != nil || !file.Own {", To: "if err != nil || file.Review.ID != \"\" {", Test: Test{"verify/verifyfake", "TestStorage/NobodyDecidesAboutThemselves"}},
		{How: "both votes of a review that needs two", Stands: "who voted has no second vote", File: "verify/review.go",
			From: "case r.VotedBy(by):", To: "case r.VotedBy(by) && by == \"\":", Test: Test{"verify/verifyfake", "TestStorage/TwoReviewersMayBeNeeded"}},
		{How: "one vote where two are needed", Stands: "as many approvals as are needed", File: "verify/review.go",
			From: "case len(r.Votes) >= r.Needed:", To: "case len(r.Votes) >= min(r.Needed, 1):", Test: Test{"verify/verifyfake", "TestStorage/TwoReviewersMayBeNeeded"}},
		{How: "deciding what a colleague has in hand, or what is decided", Stands: "a lease, and one decision", File: "verify/review.go",
			From: "case r.Outcome != \"\":", To: "case r.Outcome == \"\\x00\":", Test: Test{"verify/verifyfake", "TestStorage/ReviewersRaceForOneReview"}},
		{How: "the same template under many names, waved through by one", Stands: "look-alikes of others need two reviewers", File: "verify/document/verifier.go",
			From: "if v.config.LookAlikes == HoldLookAlikes {", To: "if v.config.LookAlikes == \"\" {", Test: Test{"verify/document", "TestLookAlikesAskTwo"}},
		{How: "moving away from the template a little", Stands: "perceptual hashes within six bits", File: "verify/lookalikes.go",
			From: "for bit := range width(band) {", To: "for bit := range width(band) - width(band) {", Test: Test{"verify/verifyfake", "TestStorage/DocumentsThatLookAlike"}},
	}},
}
