package bulk_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/verify"
	"github.com/laurel-gateway/laurel/verify/registry"
	"github.com/laurel-gateway/laurel/verify/registry/bulk"
	"github.com/laurel-gateway/laurel/verify/registry/bulk/nppesfile"
	"github.com/laurel-gateway/laurel/verify/verifyfake"
)

// desk is an importer into a storage in memory.
type desk struct {
	*verifyfake.Storage
	ended []string
	// failAfter makes the storage fail once that many batches were written.
	failAfter, written int
}

var errCut = errors.New("the power went")

func (d *desk) PutRecords(ctx context.Context, register string, records []verify.RegisterRecord, at verify.RegisterImport, finished bool) error {
	if d.failAfter > 0 && d.written == d.failAfter {
		return errCut
	}
	d.written++
	return d.Storage.PutRecords(ctx, register, records, at, finished)
}

func newDesk() *desk { return &desk{Storage: verifyfake.New(time.Now, "sto_1")} }

func (d *desk) load(t *testing.T, text string) (bulk.Report, error) {
	t.Helper()
	importer := bulk.Importer{Writer: d, Ended: func(_ context.Context, numbers []string) error {
		d.ended = append(d.ended, numbers...)
		return nil
	}}
	return importer.Import(t.Context(), strings.NewReader(text))
}

func (d *desk) record(t *testing.T, number string) (verify.RegisterRecord, bool) {
	t.Helper()
	r, found, err := d.RegisterRecord(t.Context(), registry.NPPES, number)
	if err != nil {
		t.Fatal(err)
	}
	return r, found
}

// file writes rows with the official columns.
func file(rows ...nppesfile.Row) string {
	var b bytes.Buffer
	w := nppesfile.NewWriter(&b)
	for _, r := range rows {
		w.Write(r)
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	return b.String()
}

func ada() nppesfile.Row {
	return nppesfile.Row{Number: nppesfile.Number(1), Entity: "1", First: "ADA", Middle: "M", Last: "LOVELACE", OtherLast: "BYRON", State: "CA", LicenceState: "NV",
		Taxonomies: []string{"390200000X", "207Q00000X"}, Primary: 2, Updated: "10/31/2026"}
}

func TestOnlyWhatIsComparedIsKept(t *testing.T) {
	d := newDesk()
	clinic := nppesfile.Row{Number: nppesfile.Number(2), Entity: "2", Organisation: "CLINIC", Taxonomies: []string{"261Q00000X"}, Primary: 1, Updated: "10/31/2026"}
	report, err := d.load(t, file(ada(), clinic))
	if err != nil || report.Rows != 2 || report.Written != 1 || report.Skipped != 1 || !report.Finished {
		t.Fatalf("%+v, %v", report, err)
	}
	r, found := d.record(t, nppesfile.Number(1))
	want := verify.RegisterRecord{Number: nppesfile.Number(1), Active: true, AsOf: "2026-10-31", Taxonomies: []string{"207Q00000X", "390200000X"}, States: []string{"CA", "NV"},
		Names: []verify.PersonName{{First: "ADA", Middle: "M", Last: "LOVELACE"}, {First: "ADA", Last: "BYRON"}}}
	if !found || fmt.Sprintf("%+v", r) != fmt.Sprintf("%+v", want) {
		t.Fatalf("record %+v\nwant %+v", r, want)
	}
	if _, found := d.record(t, nppesfile.Number(2)); found {
		t.Error("an organisation was kept")
	}
	again, err := d.load(t, file(ada(), clinic))
	if err != nil || !again.Before || again.Written != 0 {
		t.Fatalf("again %+v, %v", again, err)
	}
}

func TestWeeklyFilesAndDeactivations(t *testing.T) {
	d := newDesk()
	load := func(text string) bulk.Report {
		t.Helper()
		r, err := d.load(t, text)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	load(file(ada()))
	weekly := ada()
	weekly.Last, weekly.Updated = "KING", "11/07/2026"
	load(file(weekly))
	if r, _ := d.record(t, ada().Number); r.Names[0].Last != "KING" {
		t.Fatalf("after the weekly file %+v", r)
	}
	// The list names her, a number that is not known, and one that was deactivated before it was active again.
	back := ada()
	back.Number, back.Deactivated, back.Reactivated, back.Updated = nppesfile.Number(3), "01/05/2020", "02/05/2020", "03/01/2026"
	load(file(back))
	list := "NPI,NPPES Deactivation Date\n" + ada().Number + ",11/10/2026\n" + nppesfile.Number(4) + ",01/01/2010\n" + nppesfile.Number(3) + ",01/05/2020\nnot a number,x\n"
	report := load(list)
	if want := []string{ada().Number, nppesfile.Number(4)}; !slices.Equal(d.ended, want) || report.Ended != 2 || report.Skipped != 1 {
		t.Fatalf("ended %v, want %v: %+v", d.ended, want, report)
	}
	if r, _ := d.record(t, ada().Number); r.Active {
		t.Fatal("she is still active")
	}
	if r, _ := d.record(t, nppesfile.Number(3)); !r.Active {
		t.Fatal("a deactivation that is over counts")
	}
	// The monthly file of before does not bring her back; one from after does. Deactivated rows in it end others.
	load(file(ada()) + "\n")
	if r, _ := d.record(t, ada().Number); r.Active {
		t.Fatal("an older file brought her back")
	}
	returned := weekly
	returned.Deactivated, returned.Reactivated, returned.Updated = "11/10/2026", "12/01/2026", "12/01/2026"
	gone := nppesfile.Row{Number: nppesfile.Number(3), Deactivated: "12/05/2026"}
	load(file(returned, gone))
	if r, _ := d.record(t, ada().Number); !r.Active || len(r.Names) == 0 {
		t.Fatalf("she is not back: %+v", r)
	}
	if d.ended[len(d.ended)-1] != nppesfile.Number(3) {
		t.Fatalf("ended %v", d.ended)
	}
}

func TestAnImportGoesOnWhereItStopped(t *testing.T) {
	const rows = 9_000
	var text bytes.Buffer
	if err := nppesfile.Generate(&text, rows); err != nil {
		t.Fatal(err)
	}
	whole := newDesk()
	if _, err := whole.load(t, text.String()); err != nil {
		t.Fatal(err)
	}
	d := newDesk()
	d.failAfter = 2
	report, err := d.load(t, text.String())
	if !errors.Is(err, errCut) || report.Rows != 4_000 {
		t.Fatalf("%+v, %v", report, err)
	}
	d.failAfter = 0
	report, err = d.load(t, text.String())
	if err != nil || report.Resumed != 4_000 || report.Rows != rows || report.Bytes != int64(text.Len()) {
		t.Fatalf("%+v, %v", report, err)
	}
	for i := range rows {
		got, a := d.record(t, nppesfile.Number(i))
		want, b := whole.record(t, nppesfile.Number(i))
		if a != b || fmt.Sprint(got) != fmt.Sprint(want) {
			t.Fatalf("row %d: %+v, want %+v", i, got, want)
		}
	}
}

func TestWhatIsNoFileOfNPPES(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"empty":           {"", "EOF"},
		"another table":   {"id,name\n1,x\n", `the column "NPI" is missing`},
		"a column less":   {strings.Replace(file(ada()), "Last Update Date", "Date", 1), `"Last Update Date" is missing`},
		"no end of a row": {strings.TrimSpace(file()) + "\n\"" + strings.Repeat("x", 3<<20), "longer than 1 MiB"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := newDesk().load(t, c.text); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
}
