package builtin_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/laurel-gateway/laurel/internal/fold"
	"github.com/laurel-gateway/laurel/verify"
	"github.com/laurel-gateway/laurel/verify/email/packs"
)

// schools are the domains at which honest students have their mailboxes.
type schools struct{ listed, tops []string }

func readSchools(t *testing.T) schools {
	t.Helper()
	all, err := packs.Load()
	if err != nil {
		t.Fatal(err)
	}
	return schools{listed: all[packs.Academic].Domains, tops: all[packs.AcademicTLDs].Domains}
}

// own are domains that the store lists itself, some of them with letters that ASCII has not.
const own = "hochschule-für-musik.example\nschool.example\n学校.example\n"

var hosts = []string{"students.", "stud.", "student.", "mail.", "cs.", "my.", "g.", "u.", "edu.", "live.", "alunos.", "s.student.", "math.dept."}

// domain is where somebody's school has their mailbox, as they type it.
func (s *shopper) domain() string {
	anySchool := s.schools.listed[s.rand.IntN(len(s.schools.listed))]
	switch s.rand.IntN(10) {
	case 0, 1, 2:
		return hosts[s.rand.IntN(len(hosts))] + anySchool
	case 3:
		return fmt.Sprintf("new-college-%d.%s", s.n, s.schools.tops[s.rand.IntN(len(s.schools.tops))])
	case 4:
		lines := strings.Fields(own)
		return lines[s.rand.IntN(len(lines))]
	case 5:
		return strings.ToUpper(anySchool)
	}
	return anySchool
}

// mailbox is the part before the @: a name, a number, or both, as schools give them.
func (s *shopper) mailbox() string {
	first, last := strings.Join(fold.Words(s.first), "-"), strings.Join(fold.Words(s.last), "-")
	switch s.rand.IntN(7) {
	case 0:
		return fmt.Sprintf("s%07d", 1000+s.n)
	case 1:
		return fmt.Sprintf("%s.%s.%d+laurel", first, last, s.n)
	case 2:
		return fmt.Sprintf("%s_%s%d", strings.ToUpper(first[:1]), strings.ToUpper(last), s.n)
	case 3:
		return fmt.Sprintf("o'%s%d", last, s.n)
	case 4:
		return fmt.Sprintf("%c%s-%d", first[0], last, s.n)
	}
	return fmt.Sprintf("%s.%s%d", first, last, s.n)
}

func byMailbox(t *testing.T, s *shopper) (*verify.Result, error) {
	id := s.begin(t, "student")
	address := s.mailbox() + "@" + s.domain()
	if s.oneIn(6) {
		address = " " + address + " "
	}
	r, err := s.answer(t, id, verify.StepEmail, map[string]string{"email": address})
	if err != nil {
		t.Logf("%q: %v", address, err)
		return r, err
	}
	mails := s.storage.Mails(s.store.ID)
	code := mails[len(mails)-1].Code
	if s.oneIn(10) {
		s.again = true
		wrong := code[1:] + code[:1]
		if wrong != code {
			// A wrong digit is told, and costs a try of five.
			if _, err := s.answer(t, id, verify.StepEmailCode, map[string]string{"code": wrong}); err == nil {
				t.Fatal("a wrong code was taken")
			}
		}
	}
	if s.oneIn(4) {
		code = " " + code[:3] + " " + code[3:]
	}
	return s.answer(t, id, verify.StepEmailCode, map[string]string{"code": code})
}
