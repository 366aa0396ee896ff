package verify

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"slices"
	"sync"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/internal/id"
	"github.com/laurel-gateway/laurel/verify/datapack"
)

// Options are what a Service is built with. Every field but MailReady, Domains, Rosters and MailboxIdentifier is needed.
type Options struct {
	Storage  Storage
	Registry *Registry
	Taggers  Taggers
	Sealer   Sealer
	// Random gives secrets: crypto/rand.Reader, or a fixed source in tests.
	Random io.Reader
	// Issuer names the gateway in receipts: its public address.
	Issuer string
	// EnterURL and CallbackURL are the gateway's own addresses of the way to a provider and back (package sso).
	EnterURL    string
	CallbackURL string
	// MailReady says that mail can be sent. Without it, verifiers that send mail are refused.
	MailReady bool
	// Domains reads data packs that admins send. Package email knows which domains are nobody's.
	Domains datapack.Reader
	// Rosters reads lists of members that admins send (package registry).
	Rosters RosterReader
	// Address reads a mail address that was typed and returns the one that mail is sent to (package email).
	Address func(text string) (deliverable string, err error)
	// Receipts signs the receipts of decisions.
	Receipts ReceiptSigner
	// MailboxIdentifier gives the identifier of a mailbox that its person tag is made of (package email). Without it
	// reviewers are not recognised by their mailbox.
	MailboxIdentifier func(address string) (identifier string, ok bool)
}

// Service runs verifications.
type Service struct {
	Options
	mu    sync.Mutex
	shops map[StoreRef]*shop
	packs packCache
}

// NewService returns a service.
func NewService(o Options) *Service { return &Service{Options: o, shops: map[StoreRef]*shop{}} }

// Result is a verification as its caller may see it.
type Result struct {
	Verification Verification
	// ClientSecret is set once, by Start.
	ClientSecret string
	// RedirectURL is set by BeginSSO.
	RedirectURL string
	// Attestation is set when the verification is verified.
	Attestation *Attestation
	// Documents are those that wait to be handed in, or were and wait for a decision, oldest first.
	Documents []DocumentFile
}

// StartRequest begins a verification.
type StartRequest struct {
	Store    StoreRef
	Group    string
	Subgroup string
	OfferID  string
	// Customer is the store's reference. Confirmed says that a secret key or a customer session named it.
	Customer  string
	Confirmed bool
	Locale    string
	Country   string
	// Network is the address of the shopper's browser, if it is known. Only a keyed hash of its prefix is kept, of an
	// IPv4 /24 or an IPv6 /48.
	Network netip.Addr
	// ConsentVersion is the version of the text that the shopper accepted; empty when none was.
	ConsentVersion string
	Marketing      bool
}

// errStale says that a verification changed between deciding and writing.
var errStale = errors.New("the verification changed meanwhile")

// Start begins a verification. Faults: consent_missing, group_unknown, policy_missing.
func (s *Service) Start(ctx context.Context, r StartRequest) (*Result, error) {
	shop, err := s.shop(ctx, r.Store)
	if err != nil {
		return nil, err
	}
	secret, err := s.secret()
	if err != nil {
		return nil, err
	}
	network, err := s.networkTag(ctx, r)
	if err != nil {
		return nil, err
	}
	return s.write(ctx, r.Store.ID, func(ctx context.Context, tx Tx) (*Result, error) {
		v, err := s.newVerification(ctx, tx, shop, r)
		if err != nil {
			return nil, err
		}
		v.Network = network
		sum := sha256.Sum256([]byte(secret))
		v.SecretHash = sum[:]
		if err := tx.InsertVerification(ctx, v); err != nil {
			return nil, fmt.Errorf("starting a verification: %w", err)
		}
		if err := marketing(ctx, tx, v); err != nil {
			return nil, err
		}
		return &Result{Verification: v, ClientSecret: secret}, nil
	})
}

// networkTag returns the tag of the network that a verification begins in, or nothing.
func (s *Service) networkTag(ctx context.Context, r StartRequest) (PersonTag, error) {
	if !r.Network.IsValid() {
		return "", nil
	}
	address, bits := r.Network.Unmap().WithZone(""), 24
	if address.Is6() {
		bits = 48
	}
	prefix, err := address.Prefix(bits)
	if err != nil {
		return "", fmt.Errorf("taking the prefix of an address: %w", err)
	}
	tagger, err := s.Taggers.TaggerOf(ctx, r.Store.ID)
	if err != nil {
		return "", fmt.Errorf("reading the store's keys: %w", err)
	}
	return PersonTag(tagger.PersonTag("network:" + prefix.String())), nil
}

func (s *Service) newVerification(ctx context.Context, tx Tx, shop *shop, r StartRequest) (Verification, error) {
	if !shop.catalogue.Has(r.Group, r.Subgroup) {
		return Verification{}, fault.New(fault.GroupUnknown, "The store has no such group or subgroup.").At("#/group", "unknown")
	}
	policies, err := tx.Policies(ctx)
	if err != nil {
		return Verification{}, err
	}
	policy, ok := choosePolicy(policies, r.Group, r.Subgroup)
	if !ok {
		return Verification{}, fault.New(fault.PolicyMissing, "The store has no policy for this group yet. An admin adds one in the console.")
	}
	now := tx.Now()
	v := Verification{
		ID: id.New("ver"), Store: r.Store.ID, Group: r.Group, Subgroup: r.Subgroup, OfferID: r.OfferID,
		Customer: r.Customer, Bound: r.Confirmed && r.Customer != "", State: Started,
		PolicyID: policy.ID, PolicyVersion: policy.Version, First: map[Requirement]Step{},
		Locale: r.Locale, Country: r.Country, CreatedAt: now, ExpiresAt: now.Add(Lifetime), Revision: 1,
		Digests: map[string]string{},
	}
	for _, path := range policy.Paths {
		if shop.usable(path, v.First) {
			v.Paths = append(v.Paths, path)
		}
	}
	if len(v.Paths) == 0 {
		return Verification{}, fault.New(fault.PolicyMissing, "None of the store's paths to proof can be taken right now. An admin checks the policy in the console.")
	}
	return v.begin(Consent{Version: r.ConsentVersion, Locale: r.Locale, Marketing: r.Marketing, At: now}, now)
}

// choosePolicy prefers the policy of the subgroup, then that of the whole group; without a subgroup, a policy of one
// subgroup does when it is the only one of the group.
func choosePolicy(policies []Policy, group, subgroup string) (Policy, bool) {
	var whole, only []Policy
	for _, p := range policies {
		if p.Group != group {
			continue
		}
		only = append(only, p)
		switch p.Subgroup {
		case subgroup:
			return p, true
		case "":
			whole = append(whole, p)
		}
	}
	if len(whole) == 1 {
		return whole[0], true
	}
	if subgroup == "" && len(only) == 1 {
		return only[0], true
	}
	return Policy{}, false
}

// Get reads a verification. Faults: not_found.
func (s *Service) Get(ctx context.Context, store StoreRef, id string) (*Result, error) {
	var result *Result
	err := s.Storage.Read(ctx, store.ID, func(ctx context.Context, tx Tx) error {
		v, err := tx.Verification(ctx, id)
		if err != nil {
			return err
		}
		result, err = s.result(ctx, tx, v.At(tx.Now()))
		return err
	})
	return result, err
}

// OfCustomer returns the verifications that are bound to a customer, newest first, at most 100.
func (s *Service) OfCustomer(ctx context.Context, store StoreRef, customer string) ([]Verification, error) {
	var found []Verification
	err := s.Storage.Read(ctx, store.ID, func(ctx context.Context, tx Tx) (err error) {
		found, err = tx.VerificationsOf(ctx, customer, 100)
		for i := range found {
			found[i] = found[i].At(tx.Now())
		}
		return err
	})
	return found, err
}

// GiveUp leaves a step for the paths that remain. Faults: invalid_step, verification_expired, not_found.
func (s *Service) GiveUp(ctx context.Context, store StoreRef, id string, step Step) (*Result, error) {
	return s.change(ctx, store, id, func(ctx context.Context, tx Tx, v Verification) (Verification, error) {
		next, err := v.giveUp(step, tx.Now())
		if err != nil {
			return v, err
		}
		return next, tx.DeleteSSO(ctx, v.ID, tx.Now())
	})
}

// Cancel ends a verification at the shopper's wish. Faults: invalid_step, not_found.
func (s *Service) Cancel(ctx context.Context, store StoreRef, id string) (*Result, error) {
	return s.change(ctx, store, id, func(ctx context.Context, tx Tx, v Verification) (Verification, error) {
		if v.State == PendingReview {
			if err := withdrawReview(ctx, tx, v.ID); err != nil {
				return v, err
			}
			v.Appeal = v.Appeal.withdrawn(tx.Now())
		}
		return v.cancel(tx.Now())
	})
}

// Confirm binds a verification, and its attestation if there is one, to a customer. Only a secret key or that
// customer's session may ask for it. Faults: customer_mismatch, attestation_ended, not_found.
func (s *Service) Confirm(ctx context.Context, store StoreRef, id, customer string) (*Result, error) {
	return s.change(ctx, store, id, func(ctx context.Context, tx Tx, v Verification) (Verification, error) {
		if v.Customer != "" && v.Customer != customer {
			return v, fault.New(fault.CustomerMismatch, "The verification was started for another customer.")
		}
		if v.Attestation != "" {
			a, err := tx.LockAttestation(ctx, v.Attestation)
			if err != nil {
				return v, err
			}
			if a, err = a.Bind(customer, tx.Now()); err != nil {
				return v, err
			}
			if err := tx.UpdateAttestation(ctx, a); err != nil {
				return v, err
			}
		}
		if v.Bound {
			return v, nil
		}
		v.Customer, v.Bound = customer, true
		return v.changed(tx.Now()), marketing(ctx, tx, v)
	})
}

// change runs a decision that needs nothing from outside.
func (s *Service) change(ctx context.Context, store StoreRef, id string,
	decide func(context.Context, Tx, Verification) (Verification, error)) (*Result, error) {
	return s.write(ctx, store.ID, func(ctx context.Context, tx Tx) (*Result, error) {
		v, err := tx.LockVerification(ctx, id)
		if err != nil {
			return nil, err
		}
		next, err := decide(ctx, tx, v)
		if err != nil {
			return nil, err
		}
		if next, err = s.update(ctx, tx, next); err != nil {
			return nil, err
		}
		return s.result(ctx, tx, next.At(tx.Now()))
	})
}

func (s *Service) update(ctx context.Context, tx Tx, v Verification) (Verification, error) {
	v.Revision++
	if err := tx.UpdateVerification(ctx, v); err != nil {
		return v, fmt.Errorf("changing a verification: %w", err)
	}
	return v, nil
}

func (s *Service) result(ctx context.Context, tx Tx, v Verification) (*Result, error) {
	r := &Result{Verification: v}
	if v.State == Verified {
		a, err := tx.Attestation(ctx, v.Attestation)
		if err != nil {
			return nil, err
		}
		r.Attestation = &a
	}
	if v.asksForDocuments() {
		all, err := tx.Documents(ctx, v.ID)
		if err != nil {
			return nil, fmt.Errorf("reading the documents of a verification: %w", err)
		}
		r.Documents = shown(all)
	}
	return r, nil
}

func (s *Service) write(ctx context.Context, store string, fn func(context.Context, Tx) (*Result, error)) (*Result, error) {
	got, err := s.Storage.Write(ctx, store, func(ctx context.Context, tx Tx) (any, error) {
		result, err := fn(ctx, tx)
		if result == nil {
			return nil, err
		}
		return result, err
	})
	result, _ := got.(*Result)
	return result, err
}

func (s *Service) secret() (string, error) {
	raw := make([]byte, 32)
	if _, err := io.ReadFull(s.Random, raw); err != nil {
		return "", fmt.Errorf("making a secret: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(raw), nil
}

// usable reports whether every requirement of a path can be opened, and notes their first steps.
func (s *shop) usable(path Path, first map[Requirement]Step) bool {
	steps := map[Requirement]Step{}
	unusable := slices.ContainsFunc(path, func(r Requirement) bool {
		v, err := s.Instance(r)
		if err == nil {
			steps[r] = v.Step()
		}
		return err != nil
	})
	if unusable {
		return false
	}
	for r, step := range steps {
		first[r] = step
	}
	return true
}
