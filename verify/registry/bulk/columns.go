package bulk

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/laurel-gateway/laurel/verify"
	"github.com/laurel-gateway/laurel/verify/registry"
)

// The official names of the columns that are read. All others, which tell of addresses, telephones and owners, are left.
const (
	colNPI          = "NPI"
	colEntity       = "Entity Type Code"
	colDeactivated  = "NPI Deactivation Date"
	colReactivated  = "NPI Reactivation Date"
	colUpdated      = "Last Update Date"
	colState        = "Provider Business Practice Location Address State Name"
	colTaxonomy     = "Healthcare Provider Taxonomy Code_%d"
	colPrimary      = "Healthcare Provider Primary Taxonomy Switch_%d"
	colLicenceState = "Provider License Number State Code_%d"
	// colReported is the date in the list of deactivated numbers, which has no other columns than this and the number.
	colReported = "NPPES Deactivation Date"
	// maxTaxonomies is how many taxonomies the file has a column for.
	maxTaxonomies = 15
)

// The columns of the present name and of the other one.
var nameColumns = [][3]string{
	{"Provider First Name", "Provider Middle Name", "Provider Last Name (Legal Name)"},
	{"Provider Other First Name", "Provider Other Middle Name", "Provider Other Last Name"},
}

// columns finds fields of a row by name.
type columns struct {
	place map[string]int
	// deactivations says that the file is the list of deactivated numbers.
	deactivations bool
}

// readHeader refuses a file that is neither of NPPES's kinds.
func readHeader(header []string) (columns, error) {
	c := columns{place: make(map[string]int, len(header))}
	for i, name := range header {
		c.place[strings.TrimSpace(strings.TrimPrefix(name, "\ufeff"))] = i
	}
	_, c.deactivations = c.place[colReported]
	needed := []string{colNPI, colReported}
	if !c.deactivations {
		needed = []string{colNPI, colEntity, colDeactivated, colReactivated, colUpdated, colState, fmt.Sprintf(colTaxonomy, 1), fmt.Sprintf(colPrimary, 1)}
		needed = append(needed, nameColumns[0][:]...)
	}
	for _, name := range needed {
		if _, ok := c.place[name]; !ok {
			return c, fmt.Errorf("the column %q is missing: this is not a file of NPPES", name)
		}
	}
	return c, nil
}

func (c columns) field(row []string, name string) string {
	if i, ok := c.place[name]; ok && i < len(row) {
		return strings.TrimSpace(row[i])
	}
	return ""
}

// record reads a row. ok is false for one that is not kept: an organisation, or no number.
func (c columns) record(row []string) (r verify.RegisterRecord, ok bool, err error) {
	number, valid := registry.NormalNPI(c.field(row, colNPI))
	if !valid {
		return r, false, fmt.Errorf("the number of a row is no NPI")
	}
	r.Number = number
	if c.deactivations {
		r.AsOf, err = day(c.field(row, colReported))
		return r, err == nil, err
	}
	var deactivated, reactivated, updated string
	for name, into := range map[string]*string{colDeactivated: &deactivated, colReactivated: &reactivated, colUpdated: &updated} {
		if *into, err = day(c.field(row, name)); err != nil {
			return r, false, err
		}
	}
	r.AsOf = max(deactivated, reactivated, updated)
	r.Active = deactivated == "" || reactivated >= deactivated
	entity := c.field(row, colEntity)
	if !r.Active {
		// A deactivated row has nothing but its number and dates.
		return r, entity != "2", nil
	}
	if entity != "1" {
		return r, false, nil
	}
	r.Names, r.Taxonomies, r.States = c.names(row), c.taxonomies(row), c.states(row)
	return r, true, nil
}

func (c columns) names(row []string) []verify.PersonName {
	var out []verify.PersonName
	for _, parts := range nameColumns {
		n := verify.PersonName{First: c.field(row, parts[0]), Middle: c.field(row, parts[1]), Last: c.field(row, parts[2])}
		if n == (verify.PersonName{}) {
			continue
		}
		if len(out) > 0 {
			n = registry.OtherName(n, out[0])
		}
		out = append(out, n)
	}
	return out
}

func (c columns) taxonomies(row []string) []string {
	var out []string
	for i := 1; i <= maxTaxonomies; i++ {
		switch code := c.field(row, fmt.Sprintf(colTaxonomy, i)); {
		case code == "":
		case c.field(row, fmt.Sprintf(colPrimary, i)) == "Y":
			out = slices.Insert(out, 0, code)
		default:
			out = append(out, code)
		}
	}
	return out
}

func (c columns) states(row []string) []string {
	found := []string{strings.ToUpper(c.field(row, colState))}
	for i := 1; i <= maxTaxonomies; i++ {
		found = append(found, strings.ToUpper(c.field(row, fmt.Sprintf(colLicenceState, i))))
	}
	slices.Sort(found)
	return slices.DeleteFunc(slices.Compact(found), func(s string) bool { return s == "" })
}

// day reads a date as NPPES writes it, 10/31/2026, into one that sorts.
func day(text string) (string, error) {
	if text == "" {
		return "", nil
	}
	at, err := time.Parse("01/02/2006", text)
	if err != nil {
		return "", fmt.Errorf("a date of a row is not written like 10/31/2026")
	}
	return at.Format(time.DateOnly), nil
}
