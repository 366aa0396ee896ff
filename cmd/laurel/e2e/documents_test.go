package e2e

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"
	"github.com/laurel-gateway/laurel/internal/console"
	"github.com/laurel-gateway/laurel/offers"
	"github.com/laurel-gateway/laurel/verify"
)

// photo is a card as a phone would send it, whose look comes of a seed.
func photo(t testing.TB, seed int) []byte {
	t.Helper()
	p := image.NewRGBA(image.Rect(0, 0, 640, 400))
	for y := range 400 {
		for x := range 640 {
			v := uint8((x/80*seed*37 + y/50*seed*seed*53) % 251)
			p.Set(x, y, color.RGBA{v, v, 255 - v, 255})
		}
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, p, nil); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// papers lets nurses prove by documents.
func papers(t testing.TB, h *house, s shop) {
	t.Helper()
	policy := verify.Policy{Group: "healthcare", Paths: []verify.Path{{"document"}}, Validity: verify.Validity{Days: 365}}
	if _, err := h.Verify.SavePolicy(t.Context(), verify.StoreRef{ID: s.id, Test: true}, verify.Actor{Name: "test"}, policy); err != nil {
		t.Fatal(err)
	}
}

// nurse begins a verification that asks for documents.
func nurse(t testing.TB, h *house, s shop, customer string) (at string, who caller) {
	t.Helper()
	begun := s.server(h.url).must(t, http.StatusCreated, post("/v1/verifications", fields{"group": "healthcare", "customer": customer, "consent": fields{"version": "1", "accepted": true}}))
	return "/v1/verifications/" + begun.text("id"), s.page(h.url).with("Laurel-Client-Secret", begun.text("client_secret"))
}

func upload(at string, file []byte) request { return post(at+"/documents", file) }

// sending is a caller that sends files.
func sending(c caller) caller { return c.with("Content-Type", "application/octet-stream") }

func handIn(first string, documents ...string) fields {
	return fields{"documents": documents, "first_name": first, "last_name": "Lovelace", "birth_date": "1988-12-10", "organisation": "Riverside Hospital"}
}

// paper hands a document in and returns it, and its review.
func paper(t testing.TB, h *house, s shop, customer, first string, file []byte) (at string, who caller, document string) {
	t.Helper()
	at, who = nurse(t, h, s, customer)
	document = sending(who).must(t, http.StatusCreated, upload(at, file)).text("id")
	if a := who.must(t, http.StatusOK, post(at+"/steps/document", handIn(first, document))); a.text("state") != "pending_review" || a.text("step") != "pending" {
		t.Fatalf("after handing in: %s", a)
	}
	return at, who, document
}

// keptFiles lists the files that are kept in a place's directory.
func keptFiles(t testing.TB, p place) (files []string) {
	t.Helper()
	err := filepath.WalkDir(filepath.Join(p.dataDir, "documents"), func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// From the upload to the offer, and to the proof that nothing is left.
func TestADocumentFromUploadToDeletion(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		h := open(t, p)
		d := openDesk(t, h)
		papers(t, h, d.shop)
		offer := d.offer(t, h.Gateway, offers.Offer{Name: "Nurses", Group: "healthcare", Benefit: offers.Benefit{Type: offers.Percentage, BasisPoints: 1500}})
		at, shopper := nurse(t, h, d.shop, "c-1")
		form := shopper.must(t, http.StatusOK, get("/v1/storefront"))
		if !strings.Contains(string(form.body), `"requirement":"document"`) || !strings.Contains(string(form.body), `"max_files":3`) {
			t.Fatalf("the storefront does not say what is asked: %s", form)
		}
		first := upload(at, photo(t, 3))
		made := sending(shopper).must(t, http.StatusCreated, first)
		document := made.text("id")
		if again := sending(shopper).must(t, http.StatusCreated, first); again.text("id") != document || again.header.Get("Idempotency-Replayed") != "true" {
			t.Fatalf("the same request again: %s", again)
		}
		if again := sending(shopper).must(t, http.StatusCreated, upload(at, photo(t, 3))); again.text("id") != document {
			t.Fatalf("the same file again: %s", again)
		}
		other := first
		other.body = photo(t, 5)
		if a := sending(shopper).ask(t, other); a.code() != "idempotency_key_reused" {
			t.Fatalf("another file under the same key: %s", a)
		}
		if a := shopper.must(t, http.StatusOK, get(at)); a.text("state") != "uploading" || strings.Count(string(a.body), `"doc_`) != 1 {
			t.Fatalf("after the upload: %s", a)
		}
		shopper.must(t, http.StatusOK, post(at+"/steps/document", handIn("Ada", document)))
		review := d.next(t, d.ada)
		d.looks(t, h, review, document)
		d.ada.must(t, http.StatusOK, post(d.at(review)+"/decision", fields{"approve": true}))
		if a := shopper.must(t, http.StatusOK, get(at)); a.text("state") != "verified" {
			t.Fatalf("after the approval: %s", a)
		}
		shopper.must(t, http.StatusCreated, post("/v1/offer-tokens", fields{"offer_id": offer, "verification_id": strings.TrimPrefix(at, "/v1/verifications/")}))
		d.forgets(t, h, review, document)
	})
}

// looks shows the document to its reviewer, and to nobody else.
func (d desk) looks(t *testing.T, h *house, review, document string) {
	t.Helper()
	picture := d.at(review) + "/documents/" + document
	a := d.ada.must(t, http.StatusOK, get(picture))
	if c, err := jpeg.DecodeConfig(bytes.NewReader(a.body)); err != nil || c.Width != 640 {
		t.Errorf("the picture: %+v, %v", c, err)
	}
	for name, want := range map[string]string{"Content-Type": "image/jpeg", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Content-Disposition": `inline; filename="document.jpg"`,
		"Content-Security-Policy": "default-src 'none'; sandbox", "Cross-Origin-Resource-Policy": "same-origin"} {
		if got := a.header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if n := number(t, h.DB.SQL(), "SELECT COUNT(*) FROM audit WHERE action = 'document.viewed' AND target = "+quoted(document)); n != 1 {
		t.Errorf("%d looks are in the audit log, want 1", n)
	}
	marketer := colleague(t, h, d.id, "marketer@desk.example", console.Marketer)
	if a := marketer.ask(t, get(picture)); a.status != http.StatusForbidden {
		t.Errorf("a marketer looks: %v", a.status)
	}
	elsewhere := furnish(t, h.Gateway, "elsewhere")
	stranger := colleague(t, h, elsewhere.id, "owner@elsewhere.example", console.Owner)
	for _, path := range []string{picture, strings.Replace(picture, d.id, elsewhere.id, 1)} {
		if a := stranger.ask(t, get(path)); a.status != http.StatusNotFound {
			t.Errorf("another store looks: %v", a.status)
		}
	}
}

// forgets moves the clock until the document is deleted, and reads the proof.
func (d desk) forgets(t *testing.T, h *house, review, document string) {
	t.Helper()
	if n := len(keptFiles(t, h.place)); n != 1 {
		t.Errorf("%d files are kept, want 1", n)
	}
	d.server(h.url).must(t, http.StatusOK, post("/v1/test-clock", fields{"advance": "169h"}))
	eventually(t, "the job has deleted the document", func() bool {
		if err := h.RetireDocuments(t.Context()); err != nil {
			t.Fatal(err)
		}
		return len(keptFiles(t, h.place)) == 0
	})
	list := d.ada.must(t, http.StatusOK, get(d.at(review)+"/documents"))
	for _, want := range []string{`"absent":true`, `"found":true`, `"key_destroyed":true`, `"by":"system"`} {
		if !strings.Contains(string(list.body), want) {
			t.Errorf("the proof does not say %s: %s", want, list)
		}
	}
	if a := d.ada.ask(t, get(d.at(review)+"/documents/"+document)); a.status != http.StatusNotFound {
		t.Errorf("a deleted document is shown: %v", a.status)
	}
	if n := number(t, h.DB.SQL(), "SELECT COUNT(*) FROM documents WHERE data_key IS NOT NULL AND id = "+quoted(document)); n != 0 {
		t.Error("its key is there")
	}
	if n := number(t, h.DB.SQL(), "SELECT COUNT(*) FROM audit WHERE action = 'document.deleted' AND target = "+quoted(document)); n != 1 {
		t.Errorf("%d deletions are in the audit log, want 1", n)
	}
}

func TestAShopperTriesThreeTimes(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		h := open(t, p)
		d := openDesk(t, h)
		papers(t, h, d.shop)
		at, shopper, _ := paper(t, h, d.shop, "c-1", "Ada", photo(t, 3))
		for try, want := range []string{"rejected", "rejected", "failed"} {
			if try > 0 {
				again := sending(shopper).must(t, http.StatusCreated, upload(at, photo(t, 3))).text("id")
				shopper.must(t, http.StatusOK, post(at+"/steps/document", handIn("Ada", again)))
			}
			review := d.next(t, d.ada)
			d.ada.must(t, http.StatusOK, post(d.at(review)+"/decision", fields{"approve": false, "reasons": []string{"document_unreadable"}}))
			a := shopper.must(t, http.StatusOK, get(at))
			if a.text("state") != want || !strings.Contains(string(a.body), "document_unreadable") {
				t.Fatalf("try %d: %s", try+1, a)
			}
			// The shopper's own document is no look-alike of itself.
			if again := d.ada.must(t, http.StatusOK, get(d.at(review))); !strings.Contains(string(again.body), `"needed":1`) {
				t.Errorf("try %d: %s", try+1, again)
			}
		}
		if a := sending(shopper).ask(t, upload(at, photo(t, 3))); a.code() != "invalid_step" {
			t.Fatalf("a fourth try: %s", a)
		}
	})
}

func TestATemplateUnderAnotherNameIsHeldForTwo(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		h := open(t, p)
		d := openDesk(t, h)
		papers(t, h, d.shop)
		_, _, one := paper(t, h, d.shop, "c-1", "Ada", photo(t, 3))
		_, _, two := paper(t, h, d.shop, "c-2", "Grace", photo(t, 3))
		review := d.next(t, d.ada)
		d.ada.must(t, http.StatusOK, post(d.at(review)+"/decision", fields{"approve": true}))
		held := d.next(t, d.ada)
		a := d.ada.must(t, http.StatusOK, get(d.at(held)+"/documents/"+two+"/look-alikes"))
		if !strings.Contains(string(a.body), one) || !strings.Contains(string(a.body), `"same_file":true`) || strings.Contains(string(a.body), "Ada") {
			t.Fatalf("what looks alike: %s", a)
		}
		if a := d.ada.ask(t, get(d.at(held)+"/documents/"+one+"?size=thumbnail")); a.status != http.StatusOK {
			t.Fatalf("the look-alike's picture: %s", a)
		}
		if a := d.ada.must(t, http.StatusOK, post(d.at(held)+"/decision", fields{"approve": true})); a.text("state") != "pending_review" {
			t.Fatalf("one of two: %s", a)
		}
		if a := d.ben.must(t, http.StatusOK, post(d.at(held)+"/decision", fields{"approve": true})); a.text("state") != "verified" {
			t.Fatalf("two of two: %s", a)
		}
	})
}

// Hostile and broken uploads are refused one by one, and leave nothing behind.
func TestUploadsThatAreRefused(t *testing.T) {
	p := onSQLite(t)
	h := open(t, p)
	s := furnish(t, h.Gateway, "uploads")
	papers(t, h, s)
	at, shopper := nurse(t, h, s, "c-1")
	whole := photo(t, 3)
	for name, c := range map[string]struct {
		file []byte
		code string
	}{
		"nothing": {nil, "invalid"}, "text": {[]byte("hello"), "document_refused"}, "cut off": {whole[:700], "document_refused"},
		"svg": {[]byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`), "document_refused"}, "gif": {[]byte("GIF89a"), "document_refused"},
		"zip before a photo": {append([]byte("PK\x03\x04"), whole...), "document_refused"},
		"a bomb":             {[]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x01\x00\x00\x00\x01\x00\x00\x08\x02\x00\x00\x00\xcb\xd1\x9e\x8a"), "document_refused"},
		"too large":          {append(bytes.Clone(whole), make([]byte, 11<<20)...), "body_too_large"},
	} {
		if a := sending(shopper).ask(t, upload(at, c.file)); a.code() != c.code {
			t.Errorf("%s: %s", name, a)
		}
	}
	if a := shopper.with("Content-Type", "multipart/form-data; boundary=x").ask(t, upload(at, whole)); a.code() != "unsupported_media_type" {
		t.Errorf("as a form: %s", a)
	}
	if a := sending(s.page(h.url).with("Laurel-Client-Secret", "wrong")).ask(t, upload(at, whole)); a.status != http.StatusNotFound {
		t.Errorf("by a stranger: %s", a)
	}
	if a := shopper.must(t, http.StatusOK, get(at)); a.text("state") != "collecting" {
		t.Errorf("after all that: %s", a)
	}
	if n := number(t, h.DB.SQL(), "SELECT COUNT(*) FROM documents"); n != 0 {
		t.Errorf("%d documents are there", n)
	}
}

// Replicas share a bucket: what one takes in another shows.
func TestReplicasShareABucket(t *testing.T) {
	backend := s3mem.New()
	if err := backend.CreateBucket("papers"); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(gofakes3.New(backend).Server())
	defer server.Close()
	p := onPostgres(t).with("LAUREL_DOCUMENTS_URL=s3://papers/laurel?endpoint="+server.URL, "LAUREL_DOCUMENTS_ACCESS_KEY=key", "LAUREL_DOCUMENTS_SECRET_KEY=secret")
	one := open(t, p)
	d := openDesk(t, one)
	papers(t, one, d.shop)
	_, _, document := paper(t, one, d.shop, "c-1", "Ada", photo(t, 3))
	two := open(t, p)
	ada := atConsole(two.url, signIn(t, two.url, "ada@desk.example", consolePassword))
	review := d.next(t, ada)
	if a := ada.must(t, http.StatusOK, get(d.at(review)+"/documents/"+document)); !bytes.HasPrefix(a.body, []byte("\xff\xd8\xff")) {
		t.Errorf("the other replica shows %d bytes", len(a.body))
	}
	objects, err := backend.ListBucket("papers", &gofakes3.Prefix{}, gofakes3.ListBucketPage{})
	if err != nil || len(objects.Contents) != 1 || objects.Contents[0].Key != "laurel/documents/"+d.id+"/"+document {
		t.Errorf("%+v, %v", objects, err)
	}
}
