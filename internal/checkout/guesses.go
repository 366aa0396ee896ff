package checkout

import (
	"context"
	"fmt"
	"net/netip"
	"slices"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/internal/tenant"
	"github.com/laurel-gateway/laurel/offers"
	"github.com/laurel-gateway/laurel/offers/token"
)

// Guesses bounds how often codes are guessed (codes.Guard).
type Guesses interface {
	// Admit asks whether codes of a shopper may be looked up now. Call settle once with how many of them were wrong.
	// Faults: rate_limited.
	Admit(ctx context.Context, store *tenant.Store, address netip.Addr, customer string, codes int) (settle func(ctx context.Context, wrong int), err error)
}

// ErrCodeUnknown is the one answer to every code that cannot be used: malformed, never given out, expired, spent,
// revoked, or somebody else's.
var ErrCodeUnknown = fault.New(fault.CodeUnknown, "This offer code is not known, or is not good any more.")

// codeUnknown refuses the code at an index.
func codeUnknown(i int) error {
	return ErrCodeUnknown.At(fmt.Sprintf("#/codes/%d", i), "is not a code that can be used")
}

// codeMAC is what a typed code is looked up by. A malformed one is looked up too, under a name that no code has, so that
// it is refused as late as one that nobody was given.
func codeMAC(store *tenant.Store, typed string) string {
	code, err := token.ParseCode(typed)
	if err != nil {
		code = token.Code("\x00" + typed)
	}
	return string(store.Keys().CodeMAC(string(code)))
}

// aboutToken are the refusals that would tell that a code was given out once.
var aboutToken = []fault.Code{fault.TokenInvalid, fault.TokenExpired, fault.TokenSpent, fault.TokenRevoked, fault.CustomerMismatch, fault.CartMismatch}

// unified is a refusal of a token as who presented it may see it: whoever typed a code hears only that it is not good.
func (p Purchase) unified(codes map[string]string, jti string, err error) error {
	if slices.Contains(p.Tokens, jti) || !slices.Contains(aboutToken, fault.CodeOf(err)) {
		return err
	}
	i := slices.IndexFunc(p.Codes, func(mac string) bool { return codes[mac] == jti })
	if i < 0 {
		return err
	}
	return codeUnknown(i)
}

// unplanned is unified for a refusal that comes before the token was looked at: a code that is not good is told first.
func (p Purchase) unplanned(f *Facts, t *offers.Token, err error) error {
	if bad := t.Usable(p.Customer, p.acceptedAt(f.Now)); bad != nil {
		if told := p.unified(f.CodeTokens, t.JTI, bad); fault.CodeOf(told) == fault.CodeUnknown {
			return told
		}
	}
	return p.unified(f.CodeTokens, t.JTI, err)
}

// guarded does what looks up codes within the bounds of guessing. wrong tells how many of the codes were.
func guarded[T any](ctx context.Context, s *Service, store *tenant.Store, address netip.Addr, p Purchase, do func() (T, error), wrong func(T, error) int) (T, error) {
	if len(p.Codes) == 0 || s.Guesses == nil {
		return do()
	}
	settle, err := s.Guesses.Admit(ctx, store, address, p.Customer, len(p.Codes))
	if err != nil {
		var zero T
		return zero, err
	}
	n := 0
	defer func() { settle(ctx, n) }()
	v, err := do()
	n = wrong(v, err)
	return v, err
}

// refusedCode counts a command that was refused for a code. Which of several codes was wrong first is all it tells.
func refusedCode[T any](_ T, err error) int {
	if fault.CodeOf(err) == fault.CodeUnknown {
		return 1
	}
	return 0
}

// IntrospectCode is Introspect for a code that a shopper typed. Faults: rate_limited.
func (s *Service) IntrospectCode(ctx context.Context, store *tenant.Store, typed string, address netip.Addr) (Introspection, error) {
	return guarded(ctx, s, store, address, Purchase{Codes: []string{typed}},
		func() (Introspection, error) { return s.Introspect(ctx, store, "", typed) },
		func(in Introspection, err error) int {
			if err == nil && !in.Active {
				return 1
			}
			return 0
		})
}

// unknownCodes counts the codes that an evaluation does not know.
func unknownCodes(e Evaluation, _ error) int {
	n := 0
	for _, r := range e.Rejected {
		if r.Reason == string(fault.CodeUnknown) {
			n++
		}
	}
	return n
}
