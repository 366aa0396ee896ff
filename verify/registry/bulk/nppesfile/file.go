// Package nppesfile writes files in the form of NPPES's monthly ones, with people who do not exist: for tests and
// measurements.
package nppesfile

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
)

// Row is a row, as far as it is filled. Dates are written 10/31/2026.
type Row struct {
	Number, Entity                 string
	First, Middle, Last, OtherLast string
	Organisation                   string
	State, LicenceState            string
	Taxonomies                     []string
	// Primary counts from 1; zero for none.
	Primary                           int
	Updated, Deactivated, Reactivated string
}

// header is the official names in the official order, without the parts that are never read: the second half of the
// addresses, other identifiers, officials and parents.
func header() []string {
	names := []string{"NPI", "Entity Type Code", "Replacement NPI", "Employer Identification Number (EIN)", "Provider Organization Name (Legal Business Name)",
		"Provider Last Name (Legal Name)", "Provider First Name", "Provider Middle Name", "Provider Name Prefix Text", "Provider Name Suffix Text",
		"Provider Credential Text", "Provider Other Organization Name", "Provider Other Organization Name Type Code", "Provider Other Last Name",
		"Provider Other First Name", "Provider Other Middle Name", "Provider First Line Business Mailing Address",
		"Provider Business Mailing Address City Name", "Provider Business Mailing Address State Name", "Provider First Line Business Practice Location Address",
		"Provider Business Practice Location Address City Name", "Provider Business Practice Location Address State Name",
		"Provider Business Practice Location Address Telephone Number", "Provider Enumeration Date", "Last Update Date", "NPI Deactivation Reason Code",
		"NPI Deactivation Date", "NPI Reactivation Date", "Provider Sex Code"}
	for i := 1; i <= 15; i++ {
		names = append(names, fmt.Sprintf("Healthcare Provider Taxonomy Code_%d", i), fmt.Sprintf("Provider License Number_%d", i),
			fmt.Sprintf("Provider License Number State Code_%d", i), fmt.Sprintf("Healthcare Provider Primary Taxonomy Switch_%d", i))
	}
	return append(names, "Is Sole Proprietor", "Certification Date")
}

// Writer writes a file.
type Writer struct {
	csv   *csv.Writer
	place map[string]int
	row   []string
}

// NewWriter writes the header.
func NewWriter(w io.Writer) *Writer {
	names := header()
	out := &Writer{csv: csv.NewWriter(w), place: map[string]int{}, row: make([]string, len(names))}
	for i, name := range names {
		out.place[name] = i
	}
	out.put(names)
	return out
}

// put leaves errors to Close, as csv.Writer keeps the first one.
func (w *Writer) put(row []string) { _ = w.csv.Write(row) }

// Write writes a row. Errors are those of Close.
func (w *Writer) Write(r Row) {
	clear(w.row)
	for name, value := range map[string]string{
		"NPI": r.Number, "Entity Type Code": r.Entity, "Provider Organization Name (Legal Business Name)": r.Organisation, "Provider Last Name (Legal Name)": r.Last,
		"Provider First Name": r.First, "Provider Middle Name": r.Middle, "Provider Other Last Name": r.OtherLast,
		"Provider Business Practice Location Address State Name": r.State, "Provider First Line Business Practice Location Address": "1 HOSPITAL WAY",
		"Provider Business Practice Location Address Telephone Number": "5550100", "Last Update Date": r.Updated, "NPI Deactivation Date": r.Deactivated,
		"NPI Reactivation Date": r.Reactivated, "Provider License Number State Code_1": r.LicenceState,
	} {
		w.row[w.place[name]] = value
	}
	for i, code := range r.Taxonomies {
		w.row[w.place[fmt.Sprintf("Healthcare Provider Taxonomy Code_%d", i+1)]] = code
		primary := "N"
		if i+1 == r.Primary {
			primary = "Y"
		}
		w.row[w.place[fmt.Sprintf("Healthcare Provider Primary Taxonomy Switch_%d", i+1)]] = primary
	}
	w.put(w.row)
}

// Close writes what is left, and returns the first error.
func (w *Writer) Close() error {
	w.csv.Flush()
	return w.csv.Error()
}

// Number is the n-th valid NPI, from 0 on.
func Number(n int) string {
	nine := strconv.Itoa(100_000_000 + n)
	sum := 24
	for i := range len(nine) {
		d := int(nine[i] - '0')
		if i%2 == 0 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return nine + strconv.Itoa((10-sum%10)%10)
}

var (
	firsts     = []string{"ADA", "GRACE", "JOSÉ", "FLORENCE", "MARY ANN", "IGNAZ", "REBECCA", "CHARLES", "ELIZABETH", "JOCELYN"}
	lasts      = []string{"LOVELACE", "HOPPER", "NUÑEZ", "NIGHTINGALE", "SMITH-JONES", "SEMMELWEIS", "CRUMPLER", "DREW", "BLACKWELL", "ELDERS", "O'BRIEN"}
	taxonomies = []string{"207Q00000X", "163W00000X", "1223G0001X", "183500000X", "225100000X", "146N00000X", "390200000X"}
	states     = []string{"CA", "TX", "NY", "FL", "WA", "OH"}
)

// Person is the n-th row of a generated file: nine of ten are people, one in fifty was deactivated.
func Person(n int) Row {
	if n%50 == 49 {
		return Row{Number: Number(n), Deactivated: "01/15/2024"}
	}
	if n%10 == 9 {
		return Row{Number: Number(n), Entity: "2", Organisation: "CLINIC " + strconv.Itoa(n), Taxonomies: []string{"261Q00000X"}, Primary: 1, Updated: "10/31/2026"}
	}
	return Row{Number: Number(n), Entity: "1", First: firsts[n%len(firsts)], Middle: string(rune('A' + n%26)), Last: lasts[n%len(lasts)],
		State: states[n%len(states)], LicenceState: states[n%3], Taxonomies: []string{taxonomies[n%len(taxonomies)], "174400000X"}, Primary: 1, Updated: "10/31/2026"}
}

// Generate writes a file of so many rows.
func Generate(out io.Writer, rows int) error {
	w := NewWriter(out)
	for n := range rows {
		w.Write(Person(n))
	}
	return w.Close()
}
