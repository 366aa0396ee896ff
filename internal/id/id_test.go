package id

import "testing"

func TestIs(t *testing.T) {
	made := New("rdm")
	for s, want := range map[string]bool{
		made:                     true,
		"rsv" + made[3:]:         false,
		made[:len(made)-1]:       false,
		made + "0":               false,
		made[4:]:                 false,
		"rdm_":                   false,
		"":                       false,
		"rdm_{" + made[4:] + "}": false,
		"rdm_01A200DE-7B01-7104-9C82-47941D2E2919": false,
	} {
		if got := Is(s, "rdm"); got != want {
			t.Errorf("Is(%q) = %t, want %t", s, got, want)
		}
	}
}
