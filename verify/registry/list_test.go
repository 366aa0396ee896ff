package registry_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/verify"
	"github.com/laurel-gateway/laurel/verify/registry"
	"github.com/laurel-gateway/laurel/verify/verifyfake"
)

func TestNamesOnARoster(t *testing.T) {
	b := newBench(t)
	roster(t, b, "number,first_name,middle_name,last_name\nT-100,Ada,Maria,Lovelace\nT-200,Jürgen,,Müller\nT-300,Mary-Ann,,O'Brien\n", true)
	v := b.open(t, "staff", `{"source":"roster","title":"Staff","group":"teacher","subgroup":"k12"}`)
	for _, c := range []struct{ number, name, want string }{
		{"T-100", "Ada/Lovelace", "met"}, {"t100", "ADA MARIA/LOVELACE", "met"}, {"T-100", "Ada M./Lovelace", "met"}, {"T 100", "Lovelace/Ada", "met"},
		{"T-100", "Ada Julia/Lovelace", "review"}, {"T-100", "Adda/Lovelace", "review"}, {"T-100", "A/Lovelace", "review"}, {"T-100", "Eve/Lovelace", "no"},
		{"T-100", "Ada/Lovelase", "review"}, {"T-100", "Ada/Byron", "no"}, {"T-200", "Juergen/Mueller", "met"}, {"T-200", "JURGEN/MULLER", "met"}, {"T-200", "Jürgen Karl/Müller", "met"},
		{"T-300", "Mary Ann/OBrien", "met"}, {"T-300", "Mary/O’Brien", "met"}, {"T-300", "Ann/O'Brien", "no"}, {"T-200", "Ada/Lovelace", "no"}, {"T-400", "Ada/Lovelace", "no"},
	} {
		out, err := v.Answer(t.Context(), at("teacher", ""), answers(c.number, c.name, ""))
		if err != nil {
			t.Fatal(err)
		}
		got := "no"
		if out.Met != nil {
			got = "met"
		} else if out.Review != nil {
			got = "review"
		}
		if got != c.want {
			t.Errorf("%s %s: %s, want %s", c.number, c.name, got, c.want)
		}
	}
}

func TestARosterIsRead(t *testing.T) {
	tagger, err := verifyfake.Secrets{}.TaggerOf(t.Context(), "sto_1")
	if err != nil {
		t.Fatal(err)
	}
	read := func(text string, c verify.RosterColumns) ([]verify.RosterEntry, []byte, error) {
		return registry.ListReader{}.ReadRoster(verify.RosterInput{Name: "staff", Title: "Staff", Group: "teacher", Text: text, Columns: c}, tagger)
	}
	plain, config, err := read("number,first_name,last_name\nT-100,Ada,Lovelace\nT-200,Grace,Hopper\n", verify.RosterColumns{})
	if err != nil || len(plain) != 2 {
		t.Fatal(plain, err)
	}
	for name, c := range map[string]struct {
		text    string
		columns verify.RosterColumns
	}{
		"other order":   {"\ufefflast_name,x,number,first_name\r\nHopper,1,t200,Grace\r\nLovelace,2,t100,Ada\r\n", verify.RosterColumns{}},
		"own names":     {"Ausweis,Vorname,Nachname\nT-100,Ada,Lovelace\nT-200,Grace,Hopper\n", verify.RosterColumns{Number: "Ausweis", FirstName: "Vorname", LastName: "Nachname"}},
		"JSON lines":    {`{"number":"T-100","first_name":"Ada","last_name":"Lovelace"}` + "\n\n" + `{"number":"T 200","first_name":"Grace","last_name":"Hopper","age":3}`, verify.RosterColumns{}},
		"quoted fields": {"number,first_name,last_name\n\"T-100\",\"Ada\",\"Lovelace\"\n\"T-200\",\"Grace\",\"Hopper\"\n", verify.RosterColumns{}},
	} {
		t.Run(name, func(t *testing.T) {
			_, again, err := read(c.text, c.columns)
			if err != nil || string(again) != string(config) {
				t.Fatalf("%s, %v; want %s", again, err, config)
			}
		})
	}
	for name, text := range map[string]string{
		"#/text/1": "number,first_name\nT-100,Ada\n", "#/text/2": "number,first_name,last_name\n!,Ada,Lovelace\n", "#/text/3": "number,first_name,last_name\nT-100,Ada,Lovelace\nT100,Eve,Guess\n",
		"#/text": "number,first_name,last_name\n", "#/text/4": "number,first_name,last_name\nT-100,Ada,Lovelace\nT-200,Grace,Hopper\nT-300,,Guess\n",
	} {
		_, _, err := read(text, verify.RosterColumns{})
		f := fault.From(err)
		if f == nil || f.Fields[0].Pointer != name || strings.Contains(fmt.Sprint(err, f.Fields), "Ada") {
			t.Errorf("%s: %v", name, err)
		}
	}
	many := "number,first_name,last_name\n" + strings.Repeat("!,x,y\n", 1000)
	if _, _, err := read(many, verify.RosterColumns{}); fault.From(err) == nil || len(fault.From(err).Fields) > 20 {
		t.Errorf("%v", err)
	}
	for _, e := range plain {
		if text := fmt.Sprintf("%+v", e); strings.Contains(strings.ToLower(text), "lovelace") || strings.Contains(text, "100 ") {
			t.Errorf("an entry can be read: %s", text)
		}
	}
}
