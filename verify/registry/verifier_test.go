package registry_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/internal/egress"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/verify"
	"github.com/laurel-gateway/laurel/verify/registry"
	"github.com/laurel-gateway/laurel/verify/verifyfake"
	"github.com/laurel-gateway/laurel/verify/verifytest"
)

var noon = time.Date(2027, 3, 1, 12, 0, 0, 0, time.UTC)

// bench is the kind with a register over HTTP, an imported one, and the rosters of a store.
type bench struct {
	*fakeRegister
	storage *verifyfake.Storage
	kind    *registry.Kind
	now     time.Time
}

func newBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{fakeRegister: newRegister(t), now: noon}
	b.storage = verifyfake.New(func() time.Time { return noon }, "sto_1")
	b.kind = registry.New(registry.Deps{
		Client: egress.Client(egress.Options{AllowPrivate: true, Timeout: 200 * time.Millisecond, MaxBytes: 1 << 20}), Endpoint: b.URL + "/api/",
		Imported: b.storage, Rosters: b.storage, Taggers: verifyfake.Secrets{}, Now: func() time.Time { return b.now },
	})
	return b
}

func (b *bench) open(t *testing.T, instance, config string) *registry.Verifier {
	t.Helper()
	c, err := b.kind.Decode(instance, []byte(config))
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Validate(); err != nil {
		t.Fatal(err)
	}
	v, err := c.Open(verify.Opening{Store: verify.StoreRef{ID: "sto_1"}, Instance: instance})
	if err != nil {
		t.Fatal(err)
	}
	return v.(*registry.Verifier)
}

func answers(number, name, state string) verify.Answer {
	first, last, _ := strings.Cut(name, "/")
	return verify.Answer{Step: verify.StepRegistry, Fields: map[string]string{"number": number, "first_name": first, "last_name": last, "state": state}}
}

func at(group, subgroup string) verify.Attempt {
	return verify.Attempt{Store: verify.StoreRef{ID: "sto_1"}, Verification: "ver_1", Requirement: "registry:nppes", Group: group, Subgroup: subgroup, Now: noon}
}

func TestConformance(t *testing.T) {
	b := newBench(t)
	good := []map[string]string{answers(ada, "Ada/Lovelace", "CA").Fields, answers(unknown, "Eve/Guess", "").Fields}
	bad := []map[string]string{answers("1234567890", "Ada/Lovelace", "").Fields, answers(ada, "/Lovelace", "").Fields, answers(ada, "Ada/-", "").Fields,
		answers(ada, "Ada/Lovelace", "California").Fields}
	opening := verify.Opening{Store: verify.StoreRef{ID: "sto_1"}, Instance: "nppes"}
	for _, instance := range []string{"nppes", "nppes-imported"} {
		t.Run(instance, func(t *testing.T) {
			verifytest.Run(t, verifytest.Case{Kind: b.kind, Instance: instance, Opening: opening, GoodAnswers: good, BadAnswers: bad,
				Bad: []string{`{}`, `{"source":"ama"}`, `{"source":"roster"}`, `{"source":"nppes_api","group":"student"}`, `{"source":"nppes_api","confidential":true}`}})
		})
	}
	t.Run("roster", func(t *testing.T) {
		roster(t, b, "number,first_name,last_name\nT-1,Ada,Lovelace\nT-100,Ada,Lovelace\n", true)
		verifytest.Run(t, verifytest.Case{Kind: b.kind, Instance: "staff", Config: `{"source":"roster","title":"Staff","group":"student"}`,
			Opening:     verify.Opening{Store: verify.StoreRef{ID: "sto_1"}, Instance: "staff"},
			GoodAnswers: []map[string]string{answers("T-100", "Ada/Lovelace", "").Fields, answers("T-999", "Ada/Lovelace", "").Fields},
			BadAnswers:  []map[string]string{answers("T", "Ada/Lovelace", "").Fields, answers("T-1 OR 1=1", "Ada/Lovelace", "").Fields}})
	})
}

func TestTheRegisterDecides(t *testing.T) {
	b := newBench(t)
	api := b.open(t, "nppes", "")
	for name, c := range map[string]struct {
		number, name, state, group, subgroup string
		// want is met with a subgroup, review, or no.
		want string
	}{
		"the right name":            {ada, "Ada/Lovelace", "", "healthcare", "", "doctor"},
		"with a state":              {ada, "Ada M./Lovelace", "ca", "healthcare", "doctor", "doctor"},
		"the state of the mailbox":  {ada, "Ada/Lovelace", "NV", "healthcare", "", "doctor"},
		"accents and order":         {ada, "Lovelace/Adá María", "", "healthcare", "", "doctor"},
		"a former name":             {renamed, "Ana/Garcia", "", "healthcare", "dentist", "dentist"},
		"on the second page":        {onPageTwo, "Grace/Hopper", "", "healthcare", "pharmacist", "pharmacist"},
		"a near name":               {ada, "Ada/Lovelase", "", "healthcare", "", "review"},
		"another state":             {ada, "Ada/Lovelace", "TX", "healthcare", "", "review"},
		"another name":              {ada, "Eve/Guess", "", "healthcare", "", "no"},
		"a number of nobody":        {unknown, "Ada/Lovelace", "", "healthcare", "", "no"},
		"deactivated":               {retired, "Ada/Lovelace", "", "healthcare", "", "no"},
		"deactivated, a near name":  {retired, "Ada/Lovelase", "", "healthcare", "", "no"},
		"an organisation":           {clinic, "Ada/Lovelace", "", "healthcare", "", "no"},
		"another profession":        {nurse, "Florence/Nightingale", "", "healthcare", "doctor", "no"},
		"another profession, near":  {nurse, "Florence/Nightingail", "", "healthcare", "doctor", "no"},
		"not a health worker yet":   {student, "Ada/Lovelace", "", "healthcare", "", "no"},
		"another group":             {ada, "Ada/Lovelace", "", "teacher", "", "no"},
		"a group changed in flight": {ada, "Ada/Lovelace", "", "first_responder", "emt", "no"},
	} {
		t.Run(name, func(t *testing.T) {
			out, err := api.Answer(t.Context(), at(c.group, c.subgroup), answers(c.number, c.name, c.state))
			if err != nil {
				t.Fatal(err)
			}
			got := "no"
			switch {
			case out.Met != nil:
				got = out.Met.Subgroup
			case out.Review != nil:
				got = "review"
			}
			if got != c.want {
				t.Fatalf("%s, want %s: %+v", got, c.want, out)
			}
			if e := out.Met; e != nil && (e.Identifiers[0] != "npi:"+c.number || e.Facts["register"] != "nppes" || e.Group != c.group) {
				t.Errorf("evidence %+v", e)
			}
			if len(out.Limits) != 2 || out.MaxTries != registry.MaxTries {
				t.Errorf("no limits: %+v", out)
			}
		})
	}
}

// Whoever asks about numbers and names of others learns nothing: the body is one, and the register is asked once.
func TestRefusalsAreUniform(t *testing.T) {
	b := newBench(t)
	api := b.open(t, "nppes", "")
	roster(t, b, "number,first_name,last_name\nT-100,Ada,Lovelace\n", true)
	list := b.open(t, "staff", `{"source":"roster","title":"Staff","group":"teacher"}`)
	var first string
	for _, c := range []struct {
		v             *registry.Verifier
		group         string
		number, whose string
	}{
		{api, "healthcare", unknown, "Ada/Lovelace"}, {api, "healthcare", ada, "Eve/Guess"}, {api, "healthcare", retired, "Ada/Lovelace"},
		{api, "healthcare", clinic, "Ada/Lovelace"}, {api, "healthcare", student, "Ada/Lovelace"}, {api, "teacher", ada, "Ada/Lovelace"},
		{list, "teacher", "T-999", "Ada/Lovelace"}, {list, "teacher", "T-100", "Eve/Guess"}, {list, "healthcare", "T-100", "Ada/Lovelace"},
	} {
		before := b.asked()
		out, err := c.v.Answer(t.Context(), at(c.group, ""), answers(c.number, c.whose, ""))
		if err != nil || out.Wrong == nil || out.Met != nil || out.Review != nil || out.Ask != nil {
			t.Fatalf("%s %s: %+v, %v", c.number, c.whose, out, err)
		}
		body, err := json.Marshal(out.Wrong)
		if err != nil {
			t.Fatal(err)
		}
		if first == "" {
			first = string(body)
		}
		if string(body) != first {
			t.Errorf("%s %s is told\n%s, others\n%s", c.number, c.whose, body, first)
		}
		if n := b.asked() - before; c.v == api && n != 1 || c.v == list && n != 0 {
			t.Errorf("%s: the register was asked %d times", c.number, n)
		}
	}
}

func TestOnlyTheNumberLeavesTheGateway(t *testing.T) {
	b := newBench(t)
	if _, err := b.open(t, "nppes", "").Answer(t.Context(), at("healthcare", ""), answers(ada, "Ada/Lovelace", "CA")); err != nil {
		t.Fatal(err)
	}
	if asked, err := url.ParseQuery(b.seen[0]); err != nil || asked.Encode() != "limit=200&number="+ada+"&version=2.1" {
		t.Fatalf("asked %q, %v", b.seen[0], err)
	}
	before := b.asked()
	imported := b.open(t, "nppes-imported", "")
	record := verify.RegisterRecord{Number: ada, Names: []verify.PersonName{{First: "Ada", Last: "Lovelace"}}, Taxonomies: []string{"207Q00000X"}, Active: true}
	if err := b.storage.PutRecords(t.Context(), registry.NPPES, []verify.RegisterRecord{record}, verify.RegisterImport{}, false); err != nil {
		t.Fatal(err)
	}
	out, err := imported.Answer(t.Context(), at("healthcare", ""), answers(ada, "Ada/Lovelace", ""))
	if err != nil || out.Met == nil || out.Met.Facts["source"] != "imported" || b.asked() != before {
		t.Fatalf("imported: %+v, %v", out, err)
	}
}

func TestARegisterThatIsAwayIsNoNo(t *testing.T) {
	b := newBench(t)
	api := b.open(t, "nppes", "")
	ask := func() error {
		_, err := api.Answer(t.Context(), at("healthcare", ""), answers(ada, "Ada/Lovelace", ""))
		return err
	}
	for _, how := range []string{"status", "text", "empty", "large", "slow"} {
		t.Run(how, func(t *testing.T) {
			b.breakWith(how)
			err := ask()
			if fault.CodeOf(err) != fault.ProviderUnavailable {
				t.Fatalf("got %v", err)
			}
			if strings.Contains(fmt.Sprint(err), ada) {
				t.Fatalf("the error names the number: %v", err)
			}
		})
	}
	// After these the circuit is open: the register is left alone for a while, then tried again.
	before := b.asked()
	b.breakWith("")
	if err := ask(); fault.CodeOf(err) != fault.ProviderUnavailable || b.asked() != before {
		t.Fatalf("the register is still asked: %v", err)
	}
	b.now = b.now.Add(time.Minute)
	if err := ask(); err != nil {
		t.Fatalf("not tried again: %v", err)
	}
	b.breakWith("errors")
	if err := ask(); fault.CodeOf(err) != fault.ProviderUnavailable {
		t.Fatalf("errors: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := api.Answer(ctx, at("healthcare", ""), answers(ada, "Ada/Lovelace", "")); err == nil {
		t.Fatal("an ended request got an answer")
	}
}

// roster imports a list as "staff".
func roster(t *testing.T, b *bench, text string, confidential bool) {
	t.Helper()
	tagger, err := verifyfake.Secrets{}.TaggerOf(t.Context(), "sto_1")
	if err != nil {
		t.Fatal(err)
	}
	in := verify.RosterInput{Name: "staff", Title: "Staff", Group: "teacher", Confidential: confidential, Text: strings.Replace(text, "\nT-1,", "\nT-111,", 1)}
	entries, _, err := registry.ListReader{}.ReadRoster(in, tagger)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.storage.Write(t.Context(), "sto_1", func(ctx context.Context, tx verify.Tx) (any, error) {
		return nil, tx.PutRoster(ctx, "staff", entries)
	}); err != nil {
		t.Fatal(err)
	}
}

func TestANumberOthersCanKnowIsKnowledge(t *testing.T) {
	b := newBench(t)
	for config, want := range map[string]string{
		"":                                      "[authority knowledge]",
		`{"source":"roster","group":"teacher"}`: "[authority knowledge]",
		`{"source":"roster","group":"teacher","confidential":true}`: "[authority]",
	} {
		if got := fmt.Sprint(b.open(t, "nppes", config).Classes()); got != want {
			t.Errorf("%s: %s, want %s", config, got, want)
		}
	}
}
