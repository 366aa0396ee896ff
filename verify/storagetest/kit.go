package storagetest

import (
	"context"
	"crypto/rand"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/verify"
	"github.com/laurel-gateway/laurel/verify/builtin"
	"github.com/laurel-gateway/laurel/verify/document"
	"github.com/laurel-gateway/laurel/verify/email"
	"github.com/laurel-gateway/laurel/verify/oidc"
	"github.com/laurel-gateway/laurel/verify/registry"
	"github.com/laurel-gateway/laurel/verify/remote"
	"github.com/laurel-gateway/laurel/verify/verifyfake"
)

// Storage is all that the kit asks of one.
type Storage interface {
	verify.Storage
	verify.Registers
	verify.RegisterWriter
	verify.Rosters
	verify.Library
}

// Fixture is a storage with two test stores, as an implementation opens it for one test.
type Fixture struct {
	Storage Storage
	// Stores are the ids of two stores that exist.
	Stores [2]string
	// Advance moves the time of both stores.
	Advance func(time.Duration)
	// Mails returns the codes that were queued in a store, oldest first.
	Mails func(store string) []verify.CodeMail
	// Events returns the events of a store, oldest first.
	Events func(store string) []verify.Event
}

// Run runs the kit. open makes a fresh fixture.
func Run(t *testing.T, open func(t *testing.T) Fixture) {
	for name, test := range map[string]func(*testing.T, *bench){
		"AMailboxIsProven":                  testMailbox,
		"WrongCodesCountAndFail":            testWrongCodes,
		"ACodeIsForItsVerificationOnly":     testForeignCode,
		"OnePersonOneCustomer":              testOnePerson,
		"RacingAccountsOfOnePerson":         testRace,
		"ALapsedHolderIsTakenOver":          testLapsed,
		"MailboxLimitsHoldUnderRace":        testMailboxLimit,
		"AnotherStoreSeesNothing":           testOtherStore,
		"PoliciesHaveVersions":              testPolicies,
		"SettingsAreReadAnewWhenTheyChange": testSettings,
		"OwnGroups":                         testGroups,
		"ASignInWorksOnceAndInOneBrowser":   testSSO,
		"GivingUpLeavesTheOtherPaths":       testGiveUp,
		"TimeIsOver":                        testExpiry,
		"OnlyAuthorityBinds":                testBinding,
		"AnEndedAttestationStaysEnded":      testEnding,
		"AReviewerDecides":                  testReview,
		"ReviewsAreTakenInTurn":             testReviewQueue,
		"TwoReviewersMayBeNeeded":           testTwoReviewers,
		"NobodyDecidesAboutThemselves":      testOwnReview,
		"ReviewersRaceForOneReview":         testReviewRace,
		"DocumentsAreHandedIn":              testDocuments,
		"UploadsRaceForThePlaces":           testUploadRace,
		"DocumentsThatLookAlike":            testLookAlikes,
		"LookAlikesAmongManyDocuments":      testManyHashes,
		"DocumentsHaveTheirDay":             testDueDocuments,
		"DecisionsHaveReceipts":             testReceipts,
		"SignalsAreRecorded":                testSignals,
		"TheSameAnswerTwiceIsTheSame":       testSameAnswer,
		"ABounceEndsTheQuestion":            testBounce,
		"LateReportsUndoNothing":            testLateReports,
		"ComplaintsAndBouncesLookTheSame":   testComplaint,
		"AReminderIsMailedOnce":             testReminderMail,
		"TheStoreIsToldBeforeTheEnd":        testReminders,
		"ShortTermsAreToldLate":             testShortTerms,
		"AMissedReminderIsCaughtUp":         testLateReminders,
		"ReplicasRaceToRemind":              testReminderRace,
		"PrivateStateGoesWithItsQuestion":   testPrivateStateGoes,
		"ADataPackHasVersions":              testPackVersions,
		"ADataPackTakesTheGround":           testPackEffect,
		"APinHoldsADataPack":                testPackPin,
		"TheGatewayHasDataPacks":            testLibrary,
		"ASuspectIsReviewed":                testSuspected,
		"AFraudIsOver":                      testConfirmed,
		"ABlockedPersonAppeals":             testAppealOfBlock,
		"AProofMoves":                       testMove,
		"OnlyAProofMoves":                   testMoveNeedsTheProof,
		"ARefusalIsAppealed":                testAppeals,
		"AMachinesRefusalIsAppealed":        testAppealOfMachine,
		"AnAppealMovesPastTheLimit":         testAppealMoves,
		"LimitsOfPoliciesHoldUnderRace":     testLimitRace,
		"PoliciesLimitSuccesses":            testSuccessLimits,
		"RefusalsAreUniform":                testUniform,
		"EverySpellingIsOnePerson":          testVariants,
		"SupportHasTools":                   testSupport,
		"FraudRacesWithAnotherProof":        testFraudRace,
		"ARosterIsKeptAsHashes":             testRoster,
		"ARegisterIsImported":               testRegister,
		"ANumberIsGuessedAFewTimesOnly":     testNumberLimit,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, newBench(t, open(t)))
		})
	}
}

var shipped = sync.OnceValues(email.LoadShipped)

// bench is a service on a fixture, with short ways to use it.
type bench struct {
	Fixture
	*verify.Service
	store verify.StoreRef
}

var admin = verify.Actor{Name: "kit"}

func newBench(t *testing.T, f Fixture) *bench {
	t.Helper()
	lists, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	kinds, err := builtin.Registry(builtin.Deps{
		Shipped:  lists,
		OIDC:     oidc.Deps{Client: http.DefaultClient, Random: rand.Reader, Now: time.Now},
		Registry: registry.Deps{Client: http.DefaultClient, Imported: f.Storage, Rosters: f.Storage, Taggers: verifyfake.Secrets{}, Now: time.Now},
		Remote:   remote.Deps{Client: http.DefaultClient, Now: time.Now},

		Documents: document.Shelf{Storage: f.Storage, Taggers: verifyfake.Secrets{}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return &bench{Fixture: f, store: verify.StoreRef{ID: f.Stores[0], Test: true}, Service: verify.NewService(verify.Options{
		Storage: f.Storage, Registry: kinds, Taggers: verifyfake.Secrets{}, Sealer: verifyfake.Secrets{}, Random: rand.Reader,
		EnterURL: "https://gateway.example/sso/start", CallbackURL: "https://gateway.example/sso/callback", MailReady: true,
		Domains: lists.ListReader(), Rosters: registry.ListReader{}, Address: email.Deliverable,
		Issuer: "https://gateway.example", Receipts: verifyfake.Secrets{}, MailboxIdentifier: email.Identifier,
	})}
}

// policy saves a policy for students.
func (b *bench) policy(t *testing.T, paths ...verify.Path) verify.Policy {
	t.Helper()
	p, err := b.SavePolicy(t.Context(), b.store, admin, verify.Policy{Group: "student", Paths: paths, Validity: verify.Validity{Days: 365}})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func (b *bench) start(t *testing.T, customer string, confirmed bool) *verify.Result {
	t.Helper()
	r, err := b.Start(t.Context(), verify.StartRequest{
		Store: b.store, Group: "student", Customer: customer, Confirmed: confirmed, Locale: "en", ConsentVersion: "1",
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func (b *bench) answer(ctx context.Context, id string, step verify.Step, field, value string) (*verify.Result, error) {
	return b.Answer(ctx, b.store, id, verify.Answer{Step: step, Fields: map[string]string{field: value}})
}

// code sends a code to an address and returns it.
func (b *bench) code(t *testing.T, id, address string) string {
	t.Helper()
	before := len(b.Mails(b.store.ID))
	if _, err := b.answer(t.Context(), id, verify.StepEmail, "email", address); err != nil {
		t.Fatal(err)
	}
	mails := b.Mails(b.store.ID)
	if len(mails) != before+1 {
		t.Fatalf("%d mails were sent, want 1", len(mails)-before)
	}
	return mails[len(mails)-1].Code
}

// proveMailbox takes a verification of a confirmed customer to its end, always by the same mailbox.
func (b *bench) proveMailbox(t *testing.T, customer string) (*verify.Result, error) {
	t.Helper()
	id := b.start(t, customer, true).Verification.ID
	return b.answer(t.Context(), id, verify.StepEmailCode, "code", b.code(t, id, "ada@mit.edu"))
}

func (b *bench) proveMock(t *testing.T, customer string, confirmed bool) *verify.Result {
	t.Helper()
	r, err := b.answer(t.Context(), b.start(t, customer, confirmed).Verification.ID, verify.StepMock, "first_name", "VERIFIED")
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func wantFault(t *testing.T, err error, code fault.Code) {
	t.Helper()
	if fault.CodeOf(err) != code {
		t.Fatalf("got %v, want the fault %s", err, code)
	}
}

func wantState(t *testing.T, r *verify.Result, err error, state verify.State, step verify.Step) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	if v := r.Verification; v.State != state || v.NextStep() != step {
		t.Fatalf("state %s, step %s; want %s, %s", v.State, v.NextStep(), state, step)
	}
}

// wrongCode returns a code that is not this one.
func wrongCode(code string) string {
	last := code[5]
	return code[:5] + string('0'+(last-'0'+1)%10)
}
