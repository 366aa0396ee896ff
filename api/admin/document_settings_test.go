package admin_test

import (
	"fmt"
	"testing"
)

func TestDocumentSettings(t *testing.T) {
	g := newGateway(t)
	const path = "{store}/document-settings"
	if got := g.ok(g.operator, "GET", path, ""); fmt.Sprintf("%v %v %v %v %v", got["version"], got["ask"], got["reviewers"], got["keep_days"], got["look_alikes"]) != "0 [birth_date organisation] 1 7 two_reviewers" {
		t.Errorf("the defaults are %v", got)
	}
	change := `{"version":%d,"ask":["organisation"],"organisations":["Example University"],"accept":[{"en":"Student card"}],"reviewers":2,"keep_days":0,"look_alikes":"signal"}`
	if got := g.ok(g.operator, "PUT", path, fmt.Sprintf(change, 0)); got["version"] != 1.0 || got["keep_days"] != 0.0 {
		t.Errorf("saved %v", got)
	}
	got := g.ok(g.operator, "GET", path, "")
	if fmt.Sprintf("%v %v %v %v %v", got["version"], got["ask"], got["organisations"], got["reviewers"], got["keep_days"]) != "1 [organisation] [Example University] 2 0" {
		t.Errorf("read %v", got)
	}
	for name, body := range map[string]string{
		"an old version": fmt.Sprintf(change, 0),
		"nothing asked":  `{"version":1,"ask":[],"reviewers":1,"keep_days":7,"look_alikes":"signal"}`,
		"an unknown key": `{"version":1,"ask":["birth_date"],"reviewers":1,"keep_days":7,"look_alikes":"signal","shoe_size":1}`,
		"no such field":  `{"version":1,"ask":["shoe_size"],"reviewers":1,"keep_days":7,"look_alikes":"signal"}`,
	} {
		if rec := g.ask(g.operator, "PUT", path, body); rec.Code != 409 && rec.Code != 422 {
			t.Errorf("%s: %d %s", name, rec.Code, rec.Body)
		}
	}
}
