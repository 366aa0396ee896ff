package builtin_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/verify"
)

// shoppers is how many honest people the corpus has.
const shoppers = 500

// tally is what became of the honest people of one verifier.
type tally struct {
	shoppers, refused int
	// reviewed were looked at by people, held by two of them; again are those who had to do something once more.
	reviewed, held, again int
}

func (y tally) String() string {
	return fmt.Sprintf("%3d honest shoppers, %d refused; %d looked at by a person, %d by two, %d tried a second time", y.shoppers, y.refused, y.reviewed-y.held, y.held, y.again)
}

func (y *tally) add(of tally) {
	y.shoppers, y.refused, y.reviewed, y.held, y.again = y.shoppers+of.shoppers, y.refused+of.refused, y.reviewed+of.reviewed, y.held+of.held, y.again+of.again
}

// shopper is one honest person on their way.
type shopper struct {
	*town
	person
	rand *rand.Rand
	// n is different for each, so that no two share a mailbox, number or card.
	n     int
	again bool
}

// Whoever is who they say gets through, in under one case in a hundred not: people with accents, long and compound names,
// former names, initials, mailboxes in subdomains and in other alphabets, several affiliations, cards that look like those of
// their fellow students. Who is looked at by reviewers is not refused; who slips may type it again, as they are told to. Schools
// whose domains the lists call abused or stopped are in the crowd too.
func TestHonestPeopleAreNotRefused(t *testing.T) {
	town := newTown(t)
	crowd := []struct {
		verifier string
		share    int
		prove    func(*testing.T, *shopper) (*verify.Result, error)
	}{
		{"email", 130, byMailbox}, {"oidc", 100, bySignIn}, {"registry (NPPES)", 80, byRegister}, {"registry (roster)", 50, byRoster},
		{"document", 80, byDocument}, {"remote", 40, byRemote}, {"mock", 20, byMock},
	}
	all, total, n := rand.New(rand.NewPCG(20270301, shoppers)), tally{}, 0
	for _, c := range crowd {
		var of tally
		for range c.share {
			n++
			s := &shopper{town: town, person: somebody(all), rand: all, n: n}
			r, err := c.prove(t, s)
			one, state := s.decided(t, r, err)
			if one.refused > 0 {
				t.Logf("%s: %+v was refused: %s, %v", c.verifier, s.person, state, err)
			}
			of.add(one)
		}
		t.Logf("%-18s %s", c.verifier, of)
		if of.refused*50 >= of.shoppers { // the whole is held to half of that
			t.Errorf("%s refuses %d of %d", c.verifier, of.refused, of.shoppers)
		}
		total.add(of)
	}
	t.Logf("%-18s %s", "all verifiers", total)
	if total.shoppers != shoppers || total.refused*100 >= total.shoppers {
		t.Errorf("%d of %d honest shoppers were refused", total.refused, total.shoppers)
	}
	page, err := os.ReadFile("../../docs/redteam.md")
	must(t, err)
	if figure := fmt.Sprintf("%d of %d refused", total.refused, total.shoppers); !strings.Contains(string(page), figure) {
		t.Errorf("docs/redteam.md does not say that %s", figure)
	}
}

// decided has reviewers look at what waits for them, until it is decided, and goes on to what the path asks for then. They
// approve.
func (s *shopper) decided(t *testing.T, r *verify.Result, err error) (of tally, state verify.State) {
	t.Helper()
	of.shoppers = 1
	if s.again {
		of.again = 1
	}
	if err != nil {
		if fault.From(err) == nil {
			t.Fatal(err)
		}
		of.refused = 1
		return of, verify.Rejected
	}
	for i, name := range []string{"per_rosa", "per_omar"} {
		if r.Verification.State != verify.PendingReview {
			break
		}
		of.reviewed, of.held = 1, i
		r = s.approved(t, r, name)
	}
	if v := r.Verification; of.reviewed > 0 && v.State == verify.Collecting && v.NextStep() == verify.StepMock {
		r, err = s.answer(t, v.ID, verify.StepMock, map[string]string{"first_name": "VERIFIED"})
		must(t, err)
	}
	if state = r.Verification.State; state != verify.Verified {
		of.refused = 1
	}
	return of, state
}

func (s *shopper) approved(t *testing.T, r *verify.Result, reviewer string) *verify.Result {
	t.Helper()
	open, err := s.Reviews(t.Context(), s.store, verify.ReviewFilter{Open: true}, "", 1)
	if err != nil || len(open) != 1 || open[0].Verification != r.Verification.ID {
		t.Fatalf("the open reviews are %+v, %v", open, err)
	}
	r, err = s.DecideReview(t.Context(), s.store, verify.Reviewer{Actor: verify.Actor{Name: reviewer}}, open[0].ID, verify.Ruling{Approve: true})
	must(t, err)
	return r
}

// begin starts a verification for a customer of their own and returns its id.
func (s *shopper) begin(t *testing.T, group string) string {
	t.Helper()
	r, err := s.Start(t.Context(), verify.StartRequest{Store: s.store, Group: group, Customer: fmt.Sprintf("c-%d", s.n), Confirmed: true,
		Locale: "en", ConsentVersion: "1"})
	if err != nil {
		t.Fatal(err)
	}
	return r.Verification.ID
}

func (s *shopper) answer(t *testing.T, id string, step verify.Step, fields map[string]string) (*verify.Result, error) {
	t.Helper()
	return s.Answer(t.Context(), s.store, id, verify.Answer{Step: step, Fields: fields})
}

// oneIn is true in one of n cases.
func (s *shopper) oneIn(n int) bool { return s.rand.IntN(n) == 0 }

func byMock(t *testing.T, s *shopper) (*verify.Result, error) {
	id := s.begin(t, "student")
	kind := []string{"VERIFIED", "REVIEW", "EMAILCODE"}[s.n%3]
	r, err := s.answer(t, id, verify.StepMock, map[string]string{"first_name": kind})
	if kind == "EMAILCODE" && err == nil {
		return s.answer(t, id, verify.StepEmailCode, map[string]string{"code": "123456"})
	}
	return r, err
}

// person is somebody, as their papers call them.
type person struct{ first, middle, last, former string }

var (
	firsts = strings.Split("Ada José Zoë Mary-Ann Jürgen Łukasz Søren Chloë Nguyễn-Anh Siobhán Renée Mohammed Fatima Wei Hyun-woo Björn Agnieszka Þóra Ngozi "+
		"Óscar Inês François Anaïs Dmitri Olga Yūki Priya Jean-Baptiste Maximiliana Guðrún Çağla Şule Ivana Noël Beyoncé Amélie D’Arcy Li", " ")
	middles = strings.Split("Maria Grace José Lee Ann Karl Émilie Robert Xóchitl Nnamdi", " ")
	lasts   = []string{"Lovelace", "Núñez", "García López", "Smith-Jones", "Müller", "Strauß", "O’Brien", "D'Angelo", "van der Berg", "de la Cruz", "Nguyễn", "Kowalczyk",
		"Þorsteinsdóttir", "Østergård", "Wójcik", "Papadopoulos-Charalambous", "Ng", "Li", "Okafor", "MacDonald", "Ó Súilléabháin", "Çelik", "Dvořák",
		"Wolfeschlegelsteinhausen", "Rodríguez y Gasset", "Al-Farsi", "Çetin Öztürk", "Bjørnstjerne", "Schröder", "Åström", "Ivanov", "Tanaka"}
)

func somebody(r *rand.Rand) person {
	p := person{first: firsts[r.IntN(len(firsts))], last: lasts[r.IntN(len(lasts))]}
	if r.IntN(2) == 0 {
		p.middle = middles[r.IntN(len(middles))]
	}
	if r.IntN(8) == 0 {
		p.former = lasts[r.IntN(len(lasts))]
	}
	return p
}

// typed is how somebody writes their name into a form, where their papers have it in full.
func (s *shopper) typed() (first, last string) {
	first, last = s.first, s.last
	switch s.rand.IntN(12) {
	case 0:
		first, last = strings.ToLower(first), strings.ToLower(last)
	case 1:
		first, last = strings.ToUpper(first), strings.ToUpper(last)
	case 2:
		first, last = plain(first), plain(last)
	case 3:
		first, last = "  "+first+" ", last+"  "
	case 4:
		first, last = last, first
	case 5:
		first = strings.TrimSpace(first + " " + s.middle)
	case 6:
		if s.middle != "" {
			first += " " + string([]rune(s.middle)[:1]) + "."
		}
	case 7:
		last = strings.ReplaceAll(last, "-", " ")
	case 8:
		first = "Dr. " + first
	case 9:
		first, last = strings.ReplaceAll(first, "’", "'"), strings.ReplaceAll(last, "’", "")
	}
	return first, last
}

// plain writes a text as many forms and registers do: without accents, umlauts as one letter.
func plain(text string) string {
	var out strings.Builder
	for _, r := range text {
		if at := slices.IndexFunc(accented, func(a string) bool { return strings.ContainsRune(a[1:], r) }); at >= 0 {
			out.WriteByte(accented[at][0])
			continue
		}
		out.WriteRune(r)
	}
	return strings.NewReplacer("ß", "ss", "Þ", "Th", "þ", "th", "ð", "d").Replace(out.String())
}

// accented are letters, each with those that are written for it.
var accented = []string{"aáàâäåăąã", "eéèêëęě", "iíìîïı", "oóòôöøőõ", "uúùûüūů", "nñń", "cçčć", "lł", "sśšş", "zźžż", "rř", "gğ", "yý",
	"AÁÀÂÄÅ", "EÉÈÊË", "IÍÎÏİ", "OÓÒÔÖØ", "UÚÙÛÜ", "CÇČ", "LŁ", "SŚŠŞ", "ZŹŽ", "eễ"}
