package verify

import (
	"slices"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
	"pgregory.net/rapid"
)

var (
	noon    = time.Date(2027, 3, 1, 12, 0, 0, 0, time.UTC)
	expired = noon.Add(Lifetime)
)

// sample is a verification with two paths: sign-in alone, or a registry and mail.
func sample(state State, challenge Step) Verification {
	v := Verification{
		ID: "ver_1", State: state, ExpiresAt: expired,
		Paths: []Path{{"oidc:uni"}, {"mock", "email:work"}},
		First: map[Requirement]Step{"oidc:uni": StepSSO, "mock": StepMock, "email:work": StepEmail},
	}
	switch challenge {
	case StepSSO:
		v.Challenge = &Challenge{Requirement: "oidc:uni", Step: StepSSO}
	case StepEmailCode:
		v.Met = []Requirement{"mock"}
		v.Challenge = &Challenge{Requirement: "email:work", Step: StepEmailCode, MaxTries: 5}
	}
	return v
}

// Every (state, step): what may be answered, and what is refused without a change.
func TestAdmit(t *testing.T) {
	steps := []Step{StepEmail, StepEmailCode, StepSSO, StepMock, StepChoose, StepPending, StepDone, "", "unknown"}
	for _, row := range []struct {
		name  string
		v     Verification
		at    time.Time
		next  Step
		admit map[Step]Requirement
		code  fault.Code
	}{
		{"collecting", sample(Collecting, ""), noon, StepChoose, map[Step]Requirement{StepSSO: "oidc:uni", StepMock: "mock"}, fault.InvalidStep},
		{"rejected", sample(Rejected, ""), noon, StepChoose, map[Step]Requirement{StepSSO: "oidc:uni", StepMock: "mock"}, fault.InvalidStep},
		{"challenged by sso", sample(Challenged, StepSSO), noon, StepSSO, map[Step]Requirement{StepSSO: "oidc:uni"}, fault.InvalidStep},
		{"challenged by a code", sample(Challenged, StepEmailCode), noon, StepEmailCode,
			map[Step]Requirement{StepEmailCode: "email:work", StepEmail: "email:work"}, fault.InvalidStep},
		{"pending review", sample(PendingReview, ""), noon, StepPending, nil, fault.InvalidStep},
		{"verified", sample(Verified, ""), noon, StepDone, nil, fault.InvalidStep},
		{"failed", sample(Failed, ""), noon, StepDone, nil, fault.InvalidStep},
		{"cancelled", sample(Cancelled, ""), noon, StepDone, nil, fault.InvalidStep},
		{"expired", sample(Expired, ""), noon, StepDone, nil, fault.VerificationExpired},
		{"out of time", sample(Challenged, StepEmailCode), expired, StepDone, nil, fault.VerificationExpired},
		{"verified, out of time", sample(Verified, ""), expired, StepDone, nil, fault.InvalidStep},
		{"in review, out of time", sample(PendingReview, ""), expired, StepPending, nil, fault.InvalidStep},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := row.v.At(row.at).NextStep(); got != row.next {
				t.Errorf("next step %q, want %q", got, row.next)
			}
			for _, step := range steps {
				got, err := row.v.Admit(step, row.at)
				if want, ok := row.admit[step]; ok {
					if err != nil || !slices.Equal(got, []Requirement{want}) {
						t.Errorf("%s: %v, %v; want %s", step, got, err, want)
					}
				} else if fault.CodeOf(err) != row.code {
					t.Errorf("%s: %v, %v; want %s", step, got, err, row.code)
				}
			}
		})
	}
}

func TestAPathIsMetInItsOrder(t *testing.T) {
	v, complete := sample(Collecting, "").meet("mock", noon)
	if complete || v.State != Collecting {
		t.Fatalf("state %s, complete %v", v.State, complete)
	}
	if got := v.next(); !slices.Equal(got, []Requirement{"oidc:uni", "email:work"}) {
		t.Fatalf("next %v", got)
	}
	if _, complete = v.meet("email:work", noon); !complete {
		t.Fatal("the path is not complete")
	}
	if _, complete = sample(Collecting, "").meet("oidc:uni", noon); !complete {
		t.Fatal("the short path is not complete")
	}
}

func TestARejectedOneStartsFromTheBeginning(t *testing.T) {
	v := sample(Challenged, StepEmailCode)
	for i := 1; i < maxRejections; i++ {
		v = v.reject(notEligible, noon)
		if v.State != Rejected || len(v.Met) != 0 || v.NextStep() != StepChoose {
			t.Fatalf("after %d: %s, met %v, step %s", i, v.State, v.Met, v.NextStep())
		}
	}
	if v = v.reject(notEligible, noon); v.State != Failed {
		t.Fatalf("state %s", v.State)
	}
}

func TestTriesAreCountedAcrossCodes(t *testing.T) {
	v := sample(Challenged, StepEmailCode)
	wrong := fault.New(fault.CodeInvalid, "wrong")
	for range 4 {
		v = v.wrong("email:work", wrong, noon)
		v = v.ask("email:work", Ask{Step: StepEmailCode, MaxTries: 5, Mail: &CodeMail{}}, nil, noon)
	}
	if v = v.wrong("email:work", wrong, noon); v.State != Failed || v.Progress["email:work"] != (Progress{Sends: 4, Tries: 5}) {
		t.Fatalf("state %s, %+v", v.State, v.Progress)
	}
}

func TestGivingUpNeverOpensAnotherPath(t *testing.T) {
	v, err := sample(Challenged, StepSSO).giveUp(StepSSO, noon)
	if err != nil || v.NextStep() != StepMock || len(v.OpenPaths()) != 1 {
		t.Fatalf("step %s, %v", v.NextStep(), err)
	}
	again, err := v.giveUp(StepSSO, noon)
	if err != nil || len(again.GivenUp) != 1 {
		t.Fatalf("again: %v, %v", again.GivenUp, err)
	}
	if _, err := v.giveUp(StepEmailCode, noon); fault.CodeOf(err) != fault.InvalidStep {
		t.Fatalf("a step that is not open: %v", err)
	}
	if _, err := sample(Verified, "").giveUp(StepSSO, noon); fault.CodeOf(err) != fault.InvalidStep {
		t.Fatalf("a final one: %v", err)
	}
}

// Whatever is answered in whatever order: only whole paths of the policy verify, and what is final stays.
func TestOnlyWholePathsVerify(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := sample(Collecting, "")
		for range rapid.IntRange(1, 30).Draw(t, "moves") {
			before := v
			switch step := rapid.SampledFrom([]Step{StepSSO, StepMock, StepEmail, StepEmailCode}).Draw(t, "step"); rapid.IntRange(0, 4).Draw(t, "move") {
			case 0, 1:
				if r, err := v.Admit(step, noon); err == nil {
					var complete bool
					if v, complete = v.meet(r[0], noon); complete {
						v = v.verified("att_1", noon)
					}
				}
			case 2:
				if r, err := v.Admit(step, noon); err == nil {
					v = v.ask(r[0], Ask{Step: StepEmailCode, MaxTries: 5}, nil, noon)
				}
			case 3:
				if next, err := v.giveUp(step, noon); err == nil {
					v = next
				}
			case 4:
				if r, err := v.Admit(step, noon); err == nil {
					v = v.wrong(r[0], fault.New(fault.CodeInvalid, "wrong"), noon)
				}
			}
			if before.State.Final() && v.State != before.State {
				t.Fatalf("%s became %s", before.State, v.State)
			}
			if v.State == Verified && !slices.ContainsFunc(v.Paths, func(p Path) bool {
				return !slices.ContainsFunc(p, func(r Requirement) bool { return !slices.Contains(v.Met, r) })
			}) {
				t.Fatalf("verified by %v", v.Met)
			}
			if !v.State.Final() && v.State != PendingReview && v.NextStep() == StepDone {
				t.Fatalf("%s has no way on: %+v", v.State, v)
			}
		}
	})
}
