package datapack_test

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/laurel-gateway/laurel/verify/datapack"
	"pgregory.net/rapid"
)

func TestASetHoldsWhatItWasMadeOf(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		domain := rapid.StringMatching(`[a-c]{1,2}\.[a-c]{1,2}`)
		in := rapid.SliceOf(domain).Draw(t, "domains")
		known := map[string]bool{}
		for _, d := range in {
			known[d] = true
		}
		set := datapack.NewSet(in)
		for _, probe := range append(in, rapid.SliceOfN(domain, 1, 20).Draw(t, "probes")...) {
			if set.Has(probe) != known[probe] {
				t.Fatalf("%q: %v", probe, !known[probe])
			}
		}
	})
}

func entries(t *rapid.T, label string) []datapack.Entry {
	return rapid.SliceOf(rapid.Custom(func(t *rapid.T) datapack.Entry {
		return datapack.Entry{
			Purpose: rapid.SampledFrom(datapack.Purposes()).Draw(t, "purpose"), Domain: rapid.StringMatching(`[a-d]{1,2}\.(edu|com)`).Draw(t, "domain"),
			Name: rapid.SampledFrom([]string{"", "A School", "Schule für Käse"}).Draw(t, "name"),
		}
	})).Draw(t, label)
}

// What is stored is what was read, and any order of it has one digest.
func TestContentIsStoredAndReadAgain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := entries(t, "entries")
		c := datapack.New(slices.Clone(all))
		slices.Reverse(all)
		for i := range all {
			all[i].Name = ""
		}
		if other := datapack.New(all); other.Digest() != c.Digest() {
			t.Fatalf("the order or the names change the digest")
		}
		stored, err := c.Encode()
		if err != nil {
			t.Fatal(err)
		}
		again, err := datapack.Decode(stored, c.Digest())
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range datapack.Purposes() {
			want, got := map[string]string{}, map[string]string{}
			for d, name := range c.All(p) {
				want[d] = name
			}
			for d, name := range again.All(p) {
				got[d] = name
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Fatalf("%s (-stored +read):\n%s", p, d)
			}
		}
		if _, err := datapack.Decode(stored, "sha256:other"); !errors.Is(err, datapack.ErrStored) {
			t.Fatalf("with another digest: %v", err)
		}
	})
}

// What comes and what goes leads from one content to the other.
func TestComparingLeadsFromOneToTheOther(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		old, c := datapack.New(entries(t, "old")), datapack.New(entries(t, "new"))
		change := c.Compare(old, 1000)
		for _, p := range datapack.Purposes() {
			if got := old.Count(p) + change.In[p] - change.Out[p]; got != c.Count(p) {
				t.Fatalf("%s: %d domains, want %d", p, got, c.Count(p))
			}
		}
		if len(change.Entered) != datapack.Total(change.In) || len(change.Left) != datapack.Total(change.Out) {
			t.Fatalf("%d and %d are listed of %v and %v", len(change.Entered), len(change.Left), change.In, change.Out)
		}
		for _, e := range change.Entered {
			if old.Set(e.Purpose).Has(e.Domain) || !c.Set(e.Purpose).Has(e.Domain) {
				t.Fatalf("%v did not come", e)
			}
		}
		if len(c.Compare(old, 1).Entered) > 1 {
			t.Fatal("more is listed than was asked for")
		}
	})
}

// Anybody can compute the digest of a plain list.
func TestADigestIsThatOfTheSortedList(t *testing.T) {
	c, _, err := reader.Bytes([]byte("b.example\na.example\n"), datapack.Plain, datapack.Stopped)
	must(t, err)
	if want := fmt.Sprintf("sha256:%x", sha256.Sum256([]byte("a.example\nb.example\n"))); c.Digest() != want {
		t.Errorf("digest %s, want %s", c.Digest(), want)
	}
	two := datapack.New([]datapack.Entry{{Purpose: datapack.Abused, Domain: "b.example"}, {Purpose: datapack.Eligible, Domain: "a.example"}})
	if want := fmt.Sprintf("sha256:%x", sha256.Sum256([]byte("=eligible\na.example\n=abused\nb.example\n"))); two.Digest() != want {
		t.Errorf("digest of two parts %s, want %s", two.Digest(), want)
	}
	// What was stored before packs had versions is plain text.
	if old, err := datapack.Decode([]byte("=stopped\na.example\nb.example\n"), c.Digest()); err != nil || old.Count(datapack.Stopped) != 2 {
		t.Errorf("plain text: %v", err)
	}
}

func FuzzPlain(f *testing.F) {
	for _, seed := range []string{"a.example\n", "\ufeff.mil\r\n*.k12.ca.us # x\n@b.example\tName", "bücher.de\n\xff\n=abused\n\t\t"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) { readAnything(t, data, datapack.Plain) })
}

func FuzzUniversities(f *testing.F) {
	for _, seed := range []string{`[{"name":"A","domains":["a.edu"],"web_pages":[],"country":"X"}]`, `[{"domains":null}]`, `[[[[`, `[{"name":1}]`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) { readAnything(t, data, datapack.Universities) })
}

func FuzzArchive(f *testing.F) {
	f.Add(packed(f, swot))
	f.Add(compressed(f, packed(f, swot)))
	f.Add(packed(f, map[string]string{"world.json": "[]", "../x": "y"}))
	f.Fuzz(func(t *testing.T, data []byte) { readAnything(t, data, "") })
}

// readAnything demands that what is read holds canonical domains only, and can be stored.
func readAnything(t *testing.T, data []byte, format datapack.Format) {
	c, _, err := reader.Bytes(data, format, datapack.Eligible)
	if err != nil {
		return
	}
	for _, p := range c.Held() {
		for domain, name := range c.All(p) {
			again, err := datapack.Canonical(domain)
			if strings.Contains(domain, ".") && (err != nil || again != domain) || strings.ContainsAny(domain, "\n\t\r=\x00") {
				t.Fatalf("%q (%q) is no canonical domain: %q, %v", domain, name, again, err)
			}
			if strings.ContainsAny(name, "\n\t\r\x00") {
				t.Fatalf("the name %q has more than one line", name)
			}
		}
	}
	if c.Set(datapack.Eligible).Has("gmail.com") {
		t.Fatal("free mail is eligible")
	}
	stored, err := c.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := datapack.Decode(stored, c.Digest()); err != nil {
		t.Fatal(err)
	}
}
