package guards

var refusedFiles = Test{"internal/imaging", "TestFilesThatAreRefused"}

var uploads = []Attack{
	{What: "polyglot, bomb, SVG and oversized upload", Who: "a shopper who attacks the reviewer or the gateway", Guards: []Guard{
		{How: "an SVG, a page, a program", Stands: "a file is what its first bytes say, and four kinds are read", File: "internal/imaging/reader.go",
			From: "return Document{Kind: kind}, ErrKind", To: "return Document{Kind: kind}, nil", Test: refusedFiles},
		{How: "an archive with a picture inside", Stands: "nothing is looked for further inside", File: "internal/imaging/sniff.go",
			From: "if bytes.HasPrefix(data, []byte(h.head)) {", To: "if bytes.Contains(data, []byte(h.head)) {", Test: refusedFiles},
		{How: "a picture that is a script or an archive too, or tells where it was taken", Stands: "only pixels that were drawn anew are kept", File: "internal/imaging/reader.go",
			From: "return doc, doc.add(ctx, img, turn)", To: "err = doc.add(ctx, img, turn)\n\tdoc.Pages[0].JPEG = data\n\treturn doc, err",
			Test: Test{"internal/imaging", "TestNothingButThePictureStays"}},
		{How: "a small file of very many pixels", Stands: "the head is read and its size bounded before anything is decoded", File: "internal/imaging/decode.go",
			From: "case pixels > maxPixels:", To: "case pixels > 100*maxPixels:", Test: Test{"internal/imaging", "TestFilesThatAreRefused/png bomb"}},
		{How: "more bytes than a file may have", Stands: "the upload is cut at its bound", File: "api/upload.go",
			From: "case int64(len(out)) > op.MaxBody:", To: "case int64(len(out)) > 100*op.MaxBody:", Test: Test{"api", "TestUploads"}},
		{How: "more files than a verification takes, one after the other or at once", Stands: "three at most, counted under lock", File: "verify/documents.go",
			From: "if len(uploaded(all)) >= MaxDocuments {", To: "if len(uploaded(all)) > 100*MaxDocuments {",
			Test: Test{"verify/verifyfake", "TestStorage/UploadsRaceForThePlaces"}},
		{How: "a document of somebody else's verification", Stands: "only what was uploaded for this one can be handed in", File: "verify/document/verifier.go",
			From: "if found < 0 || slices.Contains(named[:i], id) {", To: "if found = max(found, 0); slices.Contains(named[:i], id) {",
			Test: Test{"verify/document", "TestKit"}},
		{How: "reading a stolen bucket", Stands: "files are encrypted under keys of their own", File: "verify/document/desk.go",
			From: "d.Bucket.Put(limited, keyOf(store.ID, row.ID), sealed)", To: "d.Bucket.Put(limited, keyOf(store.ID, row.ID), plain)", Test: Test{"verify/document", "TestAFileIsKeptEncryptedAndSeenByItsReviewer"}},
	}},
}
