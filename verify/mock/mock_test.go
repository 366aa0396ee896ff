package mock_test

import (
	"testing"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/verify"
	"github.com/laurel-gateway/laurel/verify/mock"
	"github.com/laurel-gateway/laurel/verify/verifytest"
)

func TestConformance(t *testing.T) {
	verifytest.Run(t, verifytest.Case{
		Play: true, Kind: mock.New(), Opening: verify.Opening{Store: verify.StoreRef{ID: "sto_1", Test: true}},
		BadAnswers: []map[string]string{{"first_name": "ERROR"}, {"first_name": "verified"}, {"first_name": ""}},
		GoodAnswers: []map[string]string{
			{"first_name": "VERIFIED"}, {"first_name": "REJECTED"}, {"first_name": "REVIEW"}, {"first_name": "EMAILCODE"}, {"first_name": "SSO"},
		},
	})
}

func TestALiveStoreCannotOpenIt(t *testing.T) {
	config, err := mock.New().Decode("", nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := config.Open(verify.Opening{Store: verify.StoreRef{ID: "sto_1"}}); fault.CodeOf(err) != fault.TestStoreOnly {
		t.Fatalf("got %v", err)
	}
}

func TestCodes(t *testing.T) {
	at := verify.Attempt{Customer: "c-1", Tries: 1}
	good, err := mock.Verifier{}.Answer(t.Context(), at, verify.Answer{Step: verify.StepEmailCode, Fields: map[string]string{"code": mock.Code}})
	if err != nil || good.Met == nil {
		t.Fatalf("got %+v, %v", good, err)
	}
	bad, err := mock.Verifier{}.Answer(t.Context(), at, verify.Answer{Step: verify.StepEmailCode, Fields: map[string]string{"code": "000000"}})
	if err != nil || bad.Wrong == nil || bad.Wrong.Code != fault.CodeInvalid {
		t.Fatalf("got %+v, %v", bad, err)
	}
}
