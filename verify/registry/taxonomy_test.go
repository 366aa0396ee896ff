package registry

import "testing"

func TestTaxonomies(t *testing.T) {
	for code, want := range map[string]string{
		"207Q00000X": "doctor", "208D00000X": "doctor", "163W00000X": "nurse", "164W00000X": "nurse", "163WE0003X": "nurse",
		"363LF0000X": "nurse", "364SA2200X": "nurse", "367500000X": "nurse", "367A00000X": "nurse", "363A00000X": "other",
		"122300000X": "dentist", "1223G0001X": "dentist", "124Q00000X": "other", "126800000X": "other", "125Q00000X": "dentist",
		"183500000X": "pharmacist", "1835P0018X": "pharmacist", "183700000X": "other", "1041C0700X": "other", "225100000X": "other",
		"171100000X": "other", "176B00000X": "other", "376K00000X": "other", "146L00000X": "other",
		"390200000X": "", "172A00000X": "", "174400000X": "", "282N00000X": "", "332B00000X": "", "": "", "1": "",
	} {
		if got, _ := subgroupOf(code, healthcare); got != want {
			t.Errorf("%s shows %q, want %q", code, got, want)
		}
	}
	if sub, ok := subgroupOf("146N00000X", firstResponder); !ok || sub != "emt" {
		t.Errorf("a technician is %q", sub)
	}
	for _, c := range []struct{ code, group string }{{"207Q00000X", firstResponder}, {"207Q00000X", "student"}, {"146D00000X", firstResponder}} {
		if sub, ok := subgroupOf(c.code, c.group); ok {
			t.Errorf("%s shows %s/%s", c.code, c.group, sub)
		}
	}
}

func TestTheTaxonomyThatIsAskedForIsFound(t *testing.T) {
	record := []string{"207Q00000X", "363LF0000X", "390200000X"}
	if code, sub, ok := shows(record, healthcare, ""); !ok || code != "207Q00000X" || sub != "doctor" {
		t.Errorf("%s %s", code, sub)
	}
	if code, sub, ok := shows(record, healthcare, "nurse"); !ok || code != "363LF0000X" || sub != "nurse" {
		t.Errorf("%s %s", code, sub)
	}
	if _, _, ok := shows(record, healthcare, "dentist"); ok {
		t.Error("a dentist was found")
	}
	if _, _, ok := shows([]string{"390200000X"}, healthcare, ""); ok {
		t.Error("a student is taken for a health worker")
	}
}
