package email_test

import (
	"crypto/rand"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/verify"
	"github.com/laurel-gateway/laurel/verify/datapack"
	"github.com/laurel-gateway/laurel/verify/email"
	"github.com/laurel-gateway/laurel/verify/verifytest"
)

var shipped = sync.OnceValues(email.LoadShipped)

func lists(t testing.TB) *email.Shipped {
	t.Helper()
	s, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func verifier(t testing.TB, instance, config string, packs ...verify.OpenPack) *email.Verifier {
	t.Helper()
	c, err := email.New(lists(t), rand.Reader).Decode(instance, []byte(config))
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Validate(); err != nil {
		t.Fatal(err)
	}
	v, err := c.Open(verify.Opening{Store: verify.StoreRef{ID: "sto_1"}, Instance: instance, Packs: packs})
	if err != nil {
		t.Fatal(err)
	}
	return v.(*email.Verifier)
}

// plain is a data pack of a store, with one part.
func plain(name string, purpose verify.Purpose, domains ...string) verify.OpenPack {
	entries := make([]datapack.Entry, len(domains))
	for i, d := range domains {
		entries[i] = datapack.Entry{Purpose: purpose, Domain: d}
	}
	return verify.OpenPack{PackRef: verify.PackRef{Store: "sto_1", Name: name}, Version: 1, Content: datapack.New(entries)}
}

func TestConformance(t *testing.T) {
	verifytest.Run(t, verifytest.Case{
		Kind: email.New(lists(t), rand.Reader), Opening: verify.Opening{Store: verify.StoreRef{ID: "sto_1"}},
		Bad:         []string{`{}`, `{"academic":true,"refuse":["*"]}`, `{"lists":["nobody-has-it"]}`, `{"academic":true}{}`},
		BadAnswers:  []map[string]string{{"email": "ada"}, {"email": "ada@example.com"}, {"email": "ada@alumni.mit.edu"}},
		GoodAnswers: []map[string]string{{"email": "ada@mit.edu"}, {"email": " ADA@Cam.Ac.Uk "}},
	})
}

func attempt() verify.Attempt {
	return verify.Attempt{Verification: "ver_1", Requirement: "email", Now: time.Date(2027, 3, 1, 12, 0, 0, 0, time.UTC)}
}

func send(t *testing.T, v *email.Verifier, at verify.Attempt, address string) (*verify.Ask, error) {
	t.Helper()
	out, err := v.Answer(t.Context(), at, verify.Answer{Step: verify.StepEmail, Fields: map[string]string{"email": address}})
	if err == nil && out.Ask == nil {
		t.Fatalf("outcome %+v", out)
	}
	return out.Ask, err
}

func pending(at verify.Attempt, ask *verify.Ask) verify.Attempt {
	at.Pending = &verify.Pending{Step: ask.Step, ExpiresAt: ask.ExpiresAt, ResendAfter: ask.ResendAfter, Private: ask.Private}
	at.Sends++
	return at
}

func check(t *testing.T, v *email.Verifier, at verify.Attempt, code string) (verify.Outcome, error) {
	t.Helper()
	return v.Answer(t.Context(), at, verify.Answer{Step: verify.StepEmailCode, Fields: map[string]string{"code": code}})
}

func TestACodeProvesTheMailbox(t *testing.T) {
	v := verifier(t, "", "")
	ask, err := send(t, v, attempt(), "Ada.L+laurel@MIT.edu")
	if err != nil {
		t.Fatal(err)
	}
	if ask.Mail.To != "Ada.L+laurel@mit.edu" || len(ask.Mail.Code) != 6 {
		t.Fatalf("mail %+v", ask.Mail)
	}
	at := pending(attempt(), ask)
	out, err := check(t, v, at, " "+ask.Mail.Code[:3]+" "+ask.Mail.Code[3:])
	if err != nil || out.Met == nil {
		t.Fatalf("outcome %+v, %v", out, err)
	}
	if got := out.Met.Identifiers[0]; got != "mailbox:ada.l@mit.edu" {
		t.Fatalf("identifier %q", got)
	}
	if out.Met.Facts["rule"] != "list" || out.Met.Organisation != "mit.edu" || out.Met.Facts[verify.FactMailDomain] != "mit.edu" {
		t.Fatalf("evidence %+v", out.Met)
	}
}

func TestACodeIsRefused(t *testing.T) {
	v := verifier(t, "", "")
	ask, err := send(t, v, attempt(), "ada@mit.edu")
	if err != nil {
		t.Fatal(err)
	}
	at := pending(attempt(), ask)
	for _, code := range []string{"", "12345", "1234567", "12a456", "١٢٣٤٥٦"} {
		if _, err := check(t, v, at, code); fault.CodeOf(err) != fault.Invalid {
			t.Errorf("code %q: %v", code, err)
		}
	}
	foreign := at
	foreign.Verification = "ver_2"
	out, err := check(t, v, foreign, ask.Mail.Code)
	if err != nil || out.Wrong == nil || out.Wrong.Code != fault.CodeInvalid || !strings.Contains(out.Wrong.Detail, "4 tries left") {
		t.Fatalf("for another verification: %+v, %v", out, err)
	}
	late := at
	late.Now = ask.ExpiresAt
	if _, err := check(t, v, late, ask.Mail.Code); fault.CodeOf(err) != fault.CodeExpired {
		t.Fatalf("too late: %v", err)
	}
}

func TestResending(t *testing.T) {
	v := verifier(t, "", "")
	ask, err := send(t, v, attempt(), "ada@mit.edu")
	if err != nil {
		t.Fatal(err)
	}
	at := pending(attempt(), ask)
	out, err := v.Answer(t.Context(), at, verify.Answer{Step: verify.StepEmail, Fields: map[string]string{"email": "ada@mit.edu"}})
	if err != nil || !out.Same {
		t.Fatalf("too early: %+v, %v", out, err)
	}
	if other, err := send(t, v, at, "bob@mit.edu"); err != nil || other.Mail.To != "bob@mit.edu" {
		t.Fatalf("another address: %+v, %v", other, err)
	}
	at.Now = ask.ResendAfter
	if again, err := send(t, v, at, "ada@mit.edu"); err != nil || again.Mail.Code == "" {
		t.Fatalf("after a minute: %+v, %v", again, err)
	}
	at.Sends = email.MaxSends
	if _, err := send(t, v, at, "ada@mit.edu"); fault.CodeOf(err) != fault.EmailLimit {
		t.Fatalf("a fifth code: %v", err)
	}
}
