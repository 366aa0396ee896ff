package offers_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/laurel-gateway/laurel/offers"
)

func TestRetraceTellsWhatExplainTold(t *testing.T) {
	ruled := live("ruled", offers.Benefit{Type: offers.Percentage, BasisPoints: 1000})
	ruled.Rule, ruled.Priority = `attestation.group == "student" && member.points == 7`, 1
	tiered := live("tiered", offers.Benefit{Type: offers.Percentage, BasisPoints: 500})
	tiered.Tier = "silver"
	plain := live("plain", offers.Benefit{Type: offers.FixedAmount, Amount: 100, Currency: "USD"})
	versions := map[offers.OfferRef]*offers.Offer{}
	var candidates []offers.Candidate
	member := &offers.Member{Tiers: []string{"bronze", "silver"}, Points: 7, Since: noon}
	for _, o := range []*offers.Offer{&plain, &tiered, &ruled} {
		if err := o.Prepare(); err != nil {
			t.Fatal(err)
		}
		versions[offers.OfferRef{ID: o.ID, Version: o.Version}] = o
		candidates = append(candidates, offers.Candidate{Offer: o, JTI: "tok_" + o.ID, Shopper: &offers.Shopper{Customer: "c-1", Member: member,
			Proof: &offers.Proof{Group: "student", VerifiedAt: noon, ValidUntil: noon.AddDate(1, 0, 0)}}})
	}
	cart := books(5000)
	price, told := offers.Explain(cart, candidates, noon)
	if len(price.Applied) != 3 {
		t.Fatalf("%+v", price.Rejected)
	}
	pinned := offers.Pinned{Customer: "c-1", Cart: cart, Applied: price.Applied, Judged: offers.Judge(price.Applied, candidates, noon)}
	if j := pinned.Judged; len(j.Proofs) != 1 || j.Proofs["tok_ruled"] == nil || j.Member != member {
		t.Errorf("kept %+v", j)
	}
	if diff := cmp.Diff(told, pinned.Retrace(versions, noon.AddDate(1, 0, 0))); diff != "" {
		t.Error(diff)
	}
	// A version that is gone is left out; a price that does not tell when is judged at the moment given.
	delete(versions, offers.OfferRef{ID: "tiered", Version: 1})
	pinned.Judged = nil
	again := pinned.Retrace(versions, noon)
	if len(again) != 2 || again[0].OfferID != "ruled" || again[0].Applied || !again[1].Applied {
		t.Errorf("%+v", again)
	}
}

func TestNothingIsKeptOfNothing(t *testing.T) {
	if j := offers.Judge(nil, nil, noon); j != nil {
		t.Errorf("%+v", j)
	}
	o := live("plain", offers.Benefit{Type: offers.Percentage, BasisPoints: 1000})
	j := offers.Judge([]offers.Applied{{OfferID: "plain"}}, []offers.Candidate{{Offer: &o, Shopper: &offers.Shopper{Proof: &offers.Proof{Group: "student"}, Member: &offers.Member{}}}}, noon)
	if j == nil || j.Member != nil || j.Proofs != nil || !j.At.Equal(noon) {
		t.Errorf("an offer that looks at no shopper keeps %+v", j)
	}
}
