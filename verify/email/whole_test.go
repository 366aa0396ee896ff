package email_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/verify"
	"github.com/laurel-gateway/laurel/verify/datapack"
	"github.com/laurel-gateway/laurel/verify/email"
	"github.com/laurel-gateway/laurel/verify/email/packs"
)

// shared is where the whole lists of swot and university-domains-list may lie beside a clone. They are not committed: the
// same tests run over the shipped packs always, and over these where they are.
const shared = "../../../shared/data/academic"

// contents are the lists of schools to test with: the shipped one, and those of the files beside the clone.
func contents(t testing.TB) map[string]*datapack.Content {
	t.Helper()
	all, err := packs.Load()
	if err != nil {
		t.Fatal(err)
	}
	var entries []datapack.Entry
	for purpose, name := range map[verify.Purpose]string{verify.Eligible: packs.Academic, verify.Abused: packs.Abused, verify.Stopped: packs.Stopped} {
		for _, domain := range all[name].Domains {
			entries = append(entries, datapack.Entry{Purpose: purpose, Domain: domain})
		}
	}
	found := map[string]*datapack.Content{"shipped": datapack.New(entries)}
	files, err := filepath.Glob(filepath.Join(shared, "*.tar.gz"))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Logf("there are no whole lists in %s: only the shipped ones are tested", shared)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		content, format, err := lists(t).ListReader().Bytes(data, "", "")
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		t.Logf("%s: %s, %d eligible, %d abused, %d stopped, %s", filepath.Base(file), format, content.Count(verify.Eligible), content.Count(verify.Abused),
			content.Count(verify.Stopped), content.Digest())
		found[string(format)] = content
	}
	return found
}

// imported is a verifier for schools when an operator imported a list of them.
func imported(t testing.TB, content *datapack.Content) *email.Verifier {
	t.Helper()
	return verifier(t, "", "", verify.OpenPack{PackRef: verify.PackRef{Name: email.AcademicPack}, Version: 1, Content: content})
}

// Every school is eligible unless it, or a domain above it, is abused or stopped; every abused and stopped domain is
// refused, and so is what lies below it. In swot, abused domains can have a school's file all the same.
func TestTheWholeListOfSchools(t *testing.T) {
	for name, content := range contents(t) {
		t.Run(name, func(t *testing.T) {
			rules := imported(t, content).Rules()
			for _, purpose := range []verify.Purpose{verify.Abused, verify.Stopped} {
				for domain := range content.All(purpose) {
					for _, host := range []string{domain, "mail." + domain, "a.b." + domain} {
						if got := rules.Check(email.Address{Domain: host, Canonical: "ada@" + host}); got.Eligible {
							t.Errorf("%s is %s, yet %s is eligible: %+v", domain, purpose, host, got)
						}
					}
				}
			}
			accepted, both := 0, 0
			for domain := range content.All(verify.Eligible) {
				got := rules.Check(email.Address{Domain: domain, Canonical: "ada@" + domain})
				refused := refusedAbove(content, domain)
				if got.Eligible == refused {
					t.Errorf("%s: %+v; abused or stopped: %v", domain, got, refused)
				}
				if refused {
					both++
					continue
				}
				accepted++
				if sub := rules.Check(email.Address{Domain: "students." + domain, Canonical: "ada@students." + domain}); !sub.Eligible && !refusedAbove(content, "students."+domain) {
					t.Errorf("students.%s: %+v", domain, sub)
				}
			}
			t.Logf("%d accepted; %d with a school's entry are abused or stopped all the same", accepted, both)
			if accepted < 9000 {
				t.Errorf("only %d schools were accepted", accepted)
			}
		})
	}
}

// refusedAbove reports, by plain comparison of texts, whether a domain or one above it is abused or stopped.
func refusedAbove(content *datapack.Content, domain string) bool {
	for {
		if content.Set(verify.Abused).Has(domain) || content.Set(verify.Stopped).Has(domain) {
			return true
		}
		_, above, more := strings.Cut(domain, ".")
		if !more {
			return false
		}
		domain = above
	}
}

func TestSchoolsHaveNames(t *testing.T) {
	content := datapack.New([]datapack.Entry{{Purpose: verify.Eligible, Domain: "mit.edu", Name: "Massachusetts Institute of Technology"}})
	got := imported(t, content).Rules().Domain("csail.mit.edu")
	if got.Name != "Massachusetts Institute of Technology" || got.Organisation != "mit.edu" || got.List != "gateway:academic" {
		t.Errorf("%+v", got)
	}
	if got := verifier(t, "", "").Rules().Domain("students.some-new-college.ac.jp"); got.Organisation != "some-new-college.ac.jp" || got.Reason != email.ByTLD {
		t.Errorf("below an academic top-level domain: %+v", got)
	}
}

// The digests kept with a decision are those of the lists that could decide.
func TestDigestsAreThoseOfTheListsInForce(t *testing.T) {
	v := verifier(t, "", `{"academic":true,"lists":["ours"]}`, plain("ours", verify.Eligible, "a.example"), plain("bad", verify.Abused, "b.example"), plain("unused", verify.Eligible, "c.example"))
	digests := v.Digests()
	for name, want := range map[string]bool{"store:ours version 1": true, "store:bad version 1": true, "store:unused version 1": false} {
		if _, got := digests[name]; got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
	shippedSchools := func(digests map[string]string) (n int) {
		for name := range digests {
			if strings.HasPrefix(name, "academic (") || strings.HasPrefix(name, "academic-abused (") || strings.HasPrefix(name, "academic-stopped (") {
				n++
			}
		}
		return n
	}
	content := datapack.New([]datapack.Entry{{Purpose: verify.Eligible, Domain: "mit.edu"}})
	newer := imported(t, content).Digests()
	if shippedSchools(digests) != 3 || shippedSchools(newer) != 0 || newer["gateway:academic version 1"] != content.Digest() {
		t.Errorf("shipped %v\nreplaced %v", digests, newer)
	}
}

// A store's pack of the same name as one of the gateway's counts alone.
func TestTheStoresOwnPackCountsFirst(t *testing.T) {
	gateway := plain("ours", verify.Eligible, "gateway.example")
	gateway.Store = ""
	rules := verifier(t, "ours", "", plain("ours", verify.Eligible, "store.example"), gateway).Rules()
	if !rules.Domain("store.example").Eligible || rules.Domain("gateway.example").Eligible {
		t.Error("both count")
	}
	rules = verifier(t, "ours", "", gateway).Rules()
	if !rules.Domain("gateway.example").Eligible {
		t.Error("the gateway's pack does not count alone")
	}
}

const (
	// maxHeap is what all lists may take together, names included.
	maxHeap = 20 << 20
	// maxLookup is far above the microsecond that BenchmarkCheck is held to: a machine may be busy.
	maxLookup = 50 * time.Microsecond
)

func heap() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// The shipped lists, and every list of schools beside the clone with the names of its organisations, fit together.
func TestTheListsAreSmallAndQuick(t *testing.T) {
	before := heap()
	s, err := email.LoadShipped()
	if err != nil {
		t.Fatal(err)
	}
	shippedAlone := heap() - before
	held := contents(t)
	used := heap() - before
	t.Logf("shipped %d kB, with %d imported lists %d kB", shippedAlone>>10, len(held), used>>10)
	if used > maxHeap {
		t.Errorf("the lists take %d bytes, allowed are %d", used, maxHeap)
	}
	for name, content := range held {
		rules := imported(t, content).Rules()
		n, start := 0, time.Now()
		for domain := range content.All(verify.Eligible) {
			rules.Domain(domain)
			n++
		}
		if each := time.Since(start) / time.Duration(n); each > maxLookup {
			t.Errorf("%s: a look-up takes %s", name, each)
		}
	}
	runtime.KeepAlive(s)
	runtime.KeepAlive(held)
}

// BenchmarkWholeList looks every domain of a list up, one after the other, with all lists in place.
func BenchmarkWholeList(b *testing.B) {
	for name, content := range contents(b) {
		var domains []string
		for domain := range content.All(verify.Eligible) {
			domains = append(domains, domain)
		}
		rules := imported(b, content).Rules()
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			n := 0
			for b.Loop() {
				for _, domain := range domains {
					rules.Domain(domain)
				}
				n += len(domains)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(n), "ns/look-up")
		})
	}
}
