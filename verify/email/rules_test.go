package email_test

import (
	"strings"
	"testing"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/verify"
	"github.com/laurel-gateway/laurel/verify/email"
)

func TestDomainRules(t *testing.T) {
	v := verifier(t, "", `{"academic":true,"lists":["ours"],"refuse":["*@guests.mit.edu","info@*","*bot*@mit.edu"]}`,
		plain("ours", verify.Eligible, "hospital.example", "mil", "mdx.ac", "mailinator.com", "sold.edu", "alumni.hospital.example"),
		plain("bad", verify.Abused, "sold.edu"), plain("stop", verify.Stopped, "parents.mit.edu"), plain("not-named", verify.Eligible, "other.example"))
	for address, want := range map[string]email.Reason{
		"ada@mit.edu":                      email.ByList,
		"ada@csail.mit.edu":                email.ByList,
		"ada@notmit.edu":                   email.ByNothing,
		"ada@mit.edu.evil.com":             email.ByNothing,
		"ada@xmit.com":                     email.ByNothing,
		"ada@cam.ac.uk":                    email.ByList,
		"ada@some-new-college.ac.jp":       email.ByTLD,
		"ada@ac.jp":                        email.ByNothing,
		"ada@gmail.com":                    email.ByAbused,
		"ada@mdx.ac":                       email.ByAbused, // abused, although the store lists it
		"ada@sub.mdx.ac":                   email.ByAbused,
		"ada@sold.edu":                     email.ByAbused,
		"ada@x.sold.edu":                   email.ByAbused,
		"ada@2011.cqut.edu.cn":             email.ByStopped,
		"ada@x.parents.mit.edu":            email.ByStopped,
		"ada@mailinator.com":               email.ByDisposable,
		"ada@x.mailinator.com":             email.ByDisposable,
		"ada@alumni.mit.edu":               email.ByAlumni,
		"ada@ALUM.example-school.edu":      email.ByAlumni,
		"ada@mail.alumni.cam.ac.uk":        email.ByAlumni,
		"ada@alumni.hospital.example":      email.ByList, // the list names that very host
		"ada@alumni.ward.hospital.example": email.ByAlumni,
		"ada@nus.edu.sg":                   email.ByList, // a school that stands in lists of disposable mail by mistake
		"ada@college.1543.msk.ru":          email.ByList, // and one below such a domain
		"ada@alumnos.upm.es":               email.ByList, // Spanish for students
		"ada@guests.mit.edu":               email.ByPattern,
		"info+x@mit.edu":                   email.ByPattern,
		"aRobotX@mit.edu":                  email.ByPattern,
		"ada@hospital.example":             email.ByList,
		"ada@ward.hospital.example":        email.ByList,
		"ada@us.army.mil":                  email.ByList,
		"ada@other.example":                email.ByNothing,
		"ada@uni-tübingen.de":              email.ByNothing,
		"ada@ｍｉｔ.ｅｄｕ":                      email.ByList,
		"ada@mit.edu.":                     email.ByList,
	} {
		a, err := email.Parse(address)
		if err != nil {
			t.Errorf("%s: %v", address, err)
			continue
		}
		got := v.Rules().Check(a)
		if got.Reason != want || got.Eligible != (want == email.ByList || want == email.ByTLD) {
			t.Errorf("%s: %+v, want %s", address, got, want)
		}
	}
}

func TestOneMailboxHasOneName(t *testing.T) {
	for want, spellings := range map[string][]string{
		"ada@mit.edu":          {"ada@mit.edu", "ADA@MIT.EDU", "ada+x@mit.edu", " ada@mit.edu. ", "ａｄａ@mit.edu", "ada+a+b@Mit.Edu"},
		"a.da@mit.edu":         {"A.Da@mit.edu"}, // dots matter at schools
		"adal@gmail.com":       {"a.d.a.l@gmail.com", "adal+x@googlemail.com", "A.dal@Gmail.com"},
		"ada@yahoo.com":        {"ada-shop@yahoo.com"},
		"ada@proton.me":        {"a.d_a@pm.me", "ada@protonmail.com"},
		"ada@icloud.com":       {"ada@me.com", "ada@mac.com"},
		"ada@xn--bcher-kva.de": {"ada@bücher.de", "ada@BÜCHER.de", "ada@xn--bcher-kva.de", "ada@bu\u0308cher.de"},
	} {
		for _, s := range spellings {
			a, err := email.Parse(s)
			if err != nil || a.Canonical != want {
				t.Errorf("%q is %q, %v; want %q", s, a.Canonical, err, want)
			}
		}
	}
}

func TestWhatIsNoAddress(t *testing.T) {
	for _, text := range []string{
		"", "ada", "@mit.edu", "ada@", "ada@mit", "a da@mit.edu", "ada@mit..edu", ".ada@mit.edu", "ada.@mit.edu", "a..b@mit.edu",
		`"ada"@mit.edu`, "ada@[127.0.0.1]", "ada@127.0.0.1", "ada@-mit.edu", "ada@mit_x.edu", "+x@mit.edu", "ада@mit.edu", "ada\x00@mit.edu",
		"ada@mit.edu\r\nBcc: x@y.z", "ada@" + strings.Repeat("a", 64) + ".edu", strings.Repeat("a", 65) + "@mit.edu", strings.Repeat("x", 2000),
		"...@gmail.com",
	} {
		if a, err := email.Parse(text); fault.CodeOf(err) != fault.EmailInvalid {
			t.Errorf("%q is %+v, %v", text, a, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"ada@mit.edu", "ADA+x@GoogleMail.com", "ａ@ｍｉｔ.ｅｄｕ", "a@xn--bcher-kva.de", "a@b.c@d.e", "a@ß.de", "a@\u202emit.edu"} {
		f.Add(seed)
	}
	rules := verifier(f, "", "").Rules()
	f.Fuzz(func(t *testing.T, text string) {
		a, err := email.Parse(text)
		if err != nil {
			return
		}
		rules.Check(a)
		for _, again := range []string{a.Canonical, a.Deliverable, strings.ToUpper(a.Deliverable)} {
			b, err := email.Parse(again)
			if err != nil || b.Canonical != a.Canonical {
				t.Fatalf("%q is %q, but %q is %q (%v)", text, a.Canonical, again, b.Canonical, err)
			}
		}
		if strings.ContainsAny(a.Deliverable, "\r\n \x00") || strings.Count(a.Canonical, "@") != 1 {
			t.Fatalf("%q gives %+v", text, a)
		}
	})
}

func BenchmarkCheck(b *testing.B) {
	rules := verifier(b, "", "").Rules()
	for name, text := range map[string]string{"School": "ada@csail.mit.edu", "Unknown": "ada@mail.shop.example.com", "Disposable": "ada@mailinator.com"} {
		a, err := email.Parse(text)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				rules.Check(a)
			}
		})
	}
}
