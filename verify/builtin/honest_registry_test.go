package builtin_test

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/verify"
)

type object = map[string]any

// register answers as the NPPES API does, about people who are added to it.
type register struct {
	*httptest.Server
	known map[string]object
}

func newRegister(t *testing.T) *register {
	t.Helper()
	g := &register{known: map[string]object{}}
	g.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		results := []object{}
		if p, ok := g.known[r.URL.Query().Get("number")]; ok {
			results = append(results, p)
		}
		w.Header().Set("Content-Type", "application/json")
		if err := json.NewEncoder(w).Encode(object{"result_count": len(results), "results": results}); err != nil {
			t.Error(err)
		}
	}))
	t.Cleanup(g.Close)
	return g
}

// recorded is a name as registers write it: mostly in capitals and without accents.
func (s *shopper) recorded(name string) string {
	switch s.rand.IntN(4) {
	case 0:
		return strings.ToUpper(name)
	case 1:
		return strings.ToUpper(plain(strings.NewReplacer("-", " ", "’", "", "'", "").Replace(name)))
	case 2:
		return strings.ToUpper(plain(strings.NewReplacer("ü", "ue", "ö", "oe", "ä", "ae").Replace(name)))
	}
	return strings.ToUpper(plain(name))
}

// npi returns a valid number of nine digits and the check digit (Luhn over 80840 and the number).
func npi(nine int) string {
	text, sum := strconv.Itoa(nine), 24
	for i, c := range text {
		d := int(c - '0')
		if i%2 == 0 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return text + strconv.Itoa((10-sum%10)%10)
}

func byRegister(t *testing.T, s *shopper) (*verify.Result, error) {
	number := npi(120_000_000 + s.n)
	basic := object{"status": "A", "last_updated": "2026-05-01", "first_name": s.recorded(s.first), "last_name": s.recorded(s.last)}
	if s.middle != "" && s.oneIn(2) {
		basic["middle_name"] = s.recorded(s.middle)
	}
	entry := object{"enumeration_type": "NPI-1", "number": number, "basic": basic, "addresses": []object{{"state": "CA"}},
		"taxonomies": []object{{"code": []string{"207Q00000X", "163W00000X", "1835P0018X", "1223G0001X"}[s.n%4], "primary": true, "state": "CA"}}}
	if s.former != "" {
		entry["other_names"] = []object{{"type": "Former Name", "last_name": s.recorded(s.former)}}
		if s.oneIn(2) {
			s.last = s.former // who has not told the shop yet
		}
	}
	s.register.known[number] = entry
	id := s.begin(t, "healthcare")
	r, err := s.name(t, id, number)
	if err != nil || r.Verification.State != verify.Collecting {
		return r, err
	}
	return s.answer(t, id, verify.StepMock, map[string]string{"first_name": "VERIFIED"})
}

// nicknames are what some people are called; no register has them.
var nicknames = []string{"Bob", "Pepe", "Kasia", "Lena"}

// slip is a name that is not what the papers say: a nickname, half of a compound name, a letter that is missing.
func (s *shopper) slip() (first, last string, slipped bool) {
	first, last = s.first, s.last
	switch parts := strings.FieldsFunc(last, func(r rune) bool { return r == ' ' || r == '-' }); {
	case s.oneIn(25):
		return nicknames[s.rand.IntN(len(nicknames))], last, true
	case len(parts) > 1 && s.oneIn(5):
		return first, parts[0], true
	case len(last) > 6 && s.oneIn(15):
		return first, last[:len(last)-2] + last[len(last)-1:], true
	}
	first, last = s.typed()
	return first, last, false
}

// name answers the step with number and name. Who slipped, and is refused, is told to write both as they stand in the
// register, and does.
func (s *shopper) name(t *testing.T, id, number string) (*verify.Result, error) {
	t.Helper()
	first, last, slipped := s.slip()
	r, err := s.answer(t, id, verify.StepRegistry, map[string]string{"number": number, "first_name": first, "last_name": last})
	if !slipped || fault.CodeOf(err) != fault.NotEligible {
		return r, err
	}
	s.again = true
	return s.answer(t, id, verify.StepRegistry, map[string]string{"number": number, "first_name": s.first, "last_name": s.last})
}

// enrol puts somebody on the roster of a school's staff, as its office writes names.
func (s *shopper) enrol(t *testing.T, number string) {
	t.Helper()
	var text strings.Builder
	w := csv.NewWriter(&text)
	s.rollOf = append(s.rollOf, []string{number, s.recorded(s.first), s.recorded(s.middle), s.recorded(s.last)})
	if err := w.WriteAll(append([][]string{{"number", "first_name", "middle_name", "last_name"}}, s.rollOf...)); err != nil {
		t.Fatal(err)
	}
	_, err := s.SaveRoster(t.Context(), s.store, by, verify.RosterInput{Name: "staff", Title: "Staff", Group: "teacher", Confidential: true, Text: text.String(), Version: len(s.rollOf)})
	if err != nil {
		t.Fatal(err)
	}
}

func byRoster(t *testing.T, s *shopper) (*verify.Result, error) {
	number := fmt.Sprintf("T-%04d/%d", 1000+s.n, s.n%7)
	s.enrol(t, number)
	if s.oneIn(3) {
		number = strings.ToLower(strings.ReplaceAll(number, "-", " "))
	}
	return s.name(t, s.begin(t, "teacher"), number)
}
