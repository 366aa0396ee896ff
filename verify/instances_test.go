package verify_test

import (
	"testing"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/verify"
)

// A verifier that policies rest on cannot be turned into less than they need.
func TestAPolicyStaysSound(t *testing.T) {
	strong := classed{}
	b := newBed(t, true, strong)
	save := func(class string, version int) error {
		_, err := b.SaveSetting(t.Context(), testStore, by, verify.SettingInput{Verifier: "classed", Instance: "a", Config: []byte(class), Version: version})
		return err
	}
	if err := save("authority", 0); err != nil {
		t.Fatal(err)
	}
	b.policy(t, "teacher", verify.Path{"classed:a"})
	for _, weak := range []string{"knowledge", "self_declared"} {
		if err := save(weak, 1); fault.CodeOf(err) != fault.PolicyUnsound {
			t.Errorf("%s: %v", weak, err)
		}
	}
	if err := save("assertion", 1); err != nil {
		t.Error(err)
	}
	b = newBed(t, true, strong)
	if err := save("authority", 0); err != nil {
		t.Fatal(err)
	}
	b.policy(t, "teacher", verify.Path{"classed:a", "email"})
	if err := save("knowledge", 1); err != nil {
		t.Errorf("with a second source it is sound: %v", err)
	}
}

// classed has the class that its configuration says.
type classed struct{ class verify.Class }

func (classed) Name() string { return "classed" }
func (classed) Decode(_ string, raw []byte) (verify.Config, error) {
	return classed{verify.Class(raw)}, nil
}
func (classed) Validate() error                                { return nil }
func (c classed) Open(verify.Opening) (verify.Verifier, error) { return c, nil }
func (c classed) Classes() []verify.Class                      { return []verify.Class{c.class} }
func (classed) Step() verify.Step                              { return "classed" }
