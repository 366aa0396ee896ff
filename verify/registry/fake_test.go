package registry_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// npi returns a valid NPI of nine digits and the check digit.
func npi(nine string) string {
	doubled := [10]int{0, 2, 4, 6, 8, 1, 3, 5, 7, 9}
	total := 24
	for i, c := range nine {
		if d := int(c - '0'); i%2 == 0 {
			total += doubled[d]
		} else {
			total += d
		}
	}
	return nine + strconv.Itoa(total*9%10)
}

// The providers of the fake register.
var (
	ada       = npi("123456789")
	retired   = npi("100000001")
	clinic    = npi("100000002")
	nurse     = npi("100000003")
	student   = npi("100000004")
	renamed   = npi("100000005")
	unknown   = npi("100000006")
	onPageTwo = npi("100000007")
)

type object = map[string]any

// person is a result in the shape of version 2.1.
func person(number, status, taxonomy, state string, basic object, others ...object) object {
	all := object{"status": status, "last_updated": "2026-05-01", "enumeration_date": "2008-01-01", "credential": "M.D.", "name_prefix": "Dr.", "sole_proprietor": "NO", "sex": "F"}
	for k, v := range basic {
		all[k] = v
	}
	return object{"created_epoch": "1200000000000", "last_updated_epoch": "1777000000000", "enumeration_type": "NPI-1", "number": number, "basic": all,
		"addresses":         []object{{"address_purpose": "MAILING", "state": "NV", "country_code": "US"}, {"address_purpose": "LOCATION", "state": state, "country_code": "US"}},
		"practiceLocations": []object{}, "identifiers": []object{}, "endpoints": []object{}, "other_names": others,
		"taxonomies": []object{{"code": "390200000X", "primary": false, "state": "", "license": ""}, {"code": taxonomy, "primary": true, "state": state, "desc": "…", "license": "A1"}}}
}

// fakeRegister answers as the NPPES API does.
type fakeRegister struct {
	*httptest.Server
	mu     sync.Mutex
	seen   []string
	broken string
}

func newRegister(t *testing.T) *fakeRegister {
	t.Helper()
	f := &fakeRegister{}
	f.Server = httptest.NewServer(f)
	t.Cleanup(f.Close)
	return f
}

// breakWith makes the register go wrong from now on, in a way of the table in ServeHTTP; "" mends it.
func (f *fakeRegister) breakWith(how string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.broken = how
}

func (f *fakeRegister) asked() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.seen)
}

var people = map[string]object{
	ada:     person(ada, "A", "207Q00000X", "CA", object{"first_name": "ADA", "middle_name": "MARÍA", "last_name": "LOVELACE"}),
	retired: person(retired, "D", "207Q00000X", "CA", object{"first_name": "ADA", "last_name": "LOVELACE"}),
	clinic: {"enumeration_type": "NPI-2", "number": clinic, "basic": object{"status": "A", "organization_name": "LOVELACE CLINIC", "first_name": "ADA", "last_name": "LOVELACE"},
		"taxonomies": []object{{"code": "207Q00000X", "primary": true}}},
	nurse:   person(nurse, "A", "163W00000X", "TX", object{"first_name": "FLORENCE", "last_name": "NIGHTINGALE"}),
	student: person(student, "A", "390200000X", "CA", object{"first_name": "ADA", "last_name": "LOVELACE"}),
	renamed: person(renamed, "A", "1223G0001X", "CA", object{"first_name": "ANA", "last_name": "LÓPEZ"}, object{"type": "Former Name", "code": "1", "last_name": "GARCÍA"}),
}

// ServeHTTP implements http.Handler.
func (f *fakeRegister) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	f.seen = append(f.seen, r.URL.RawQuery)
	broken := f.broken
	f.mu.Unlock()
	switch broken {
	case "status":
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	case "text":
		_, _ = w.Write([]byte("<html>Request unsuccessful</html>"))
		return
	case "empty":
		_, _ = w.Write([]byte("{}"))
		return
	case "large":
		_, _ = w.Write([]byte(`{"result_count":0,"results":[],"x":"` + strings.Repeat("x", 2<<20) + `"}`))
		return
	case "slow":
		<-r.Context().Done()
		return
	}
	q := r.URL.Query()
	if q.Get("version") != "2.1" {
		answer(w, object{"Errors": []object{{"description": "Unsupported Version", "field": "version", "number": "12"}}})
		return
	}
	number := q.Get("number")
	if broken == "errors" || len(number) != 10 {
		answer(w, object{"Errors": []object{{"description": "The NPI must be 10 digits", "field": "number", "number": "03"}}})
		return
	}
	skip, _ := strconv.Atoi(q.Get("skip"))
	var results []object
	switch p, ok := people[number]; {
	case ok:
		results = append(results, p)
	case number == onPageTwo && skip == 0:
		for range 200 {
			results = append(results, people[nurse])
		}
	case number == onPageTwo:
		results = append(results, person(onPageTwo, "A", "183500000X", "CA", object{"first_name": "GRACE", "last_name": "HOPPER"}))
	}
	answer(w, object{"result_count": len(results), "results": results})
}

func answer(w http.ResponseWriter, body object) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(body)
}
