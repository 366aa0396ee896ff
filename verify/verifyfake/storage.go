package verifyfake

import (
	"bytes"
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/internal/once"
	"github.com/laurel-gateway/laurel/verify"
)

// Storage implements verify.Storage for any number of stores. Its transactions run one after the other.
type Storage struct {
	mu  sync.Mutex
	now func() time.Time
	// rows are those of each store that was named in Open.
	rows map[string]*rows
	// records and imports are those of public registers, which belong to no store.
	records map[recordKey]verify.RegisterRecord
	imports map[recordKey]verify.RegisterImport
	library library
}

// New returns an empty storage for these stores, with a clock.
func New(now func() time.Time, stores ...string) *Storage {
	s := &Storage{now: now, rows: map[string]*rows{}, records: map[recordKey]verify.RegisterRecord{}, imports: map[recordKey]verify.RegisterImport{},
		library: library{packs: map[string]packVersions{}}}
	for _, store := range stores {
		s.rows[store] = &rows{
			groups: map[string]verify.Group{}, policies: map[string]verify.Policy{}, versions: map[version]verify.Policy{},
			settings: map[verify.Requirement]verify.Setting{},
			packs:    map[string]packVersions{}, pins: map[verify.PackRef]int{}, mailDomains: map[string][]notedDomain{}, withdrawals: map[domainKey]verify.Withdrawal{},
			verifications: map[string]verify.Verification{}, sso: map[string]verify.SSO{},
			attestations: map[string]verify.Attestation{}, tags: map[tagKey]string{}, windows: map[windowKey][]time.Time{},
			rosters: map[rosterKey]verify.RosterEntry{},
			sent:    map[string]verify.SentMail{}, suppressions: map[verify.PersonTag]verify.Suppression{}, reminders: map[string]verify.Reminder{},
			reviews: map[string]verify.Review{}, collected: map[collectedKey][]byte{}, documents: map[string]verify.DocumentFile{},
			fraud: fraud{cases: map[string]verify.FraudCase{}, tags: map[verify.PersonTag][]string{}},
		}
	}
	return s
}

type version struct {
	id string
	n  int
}

type tagKey struct {
	group string
	tag   verify.PersonTag
}

type windowKey struct {
	kind string
	tag  verify.PersonTag
}

type rows struct {
	revision      int64
	groups        map[string]verify.Group
	policies      map[string]verify.Policy
	versions      map[version]verify.Policy
	settings      map[verify.Requirement]verify.Setting
	packs         map[string]packVersions
	pins          map[verify.PackRef]int
	mailDomains   map[string][]notedDomain
	withdrawals   map[domainKey]verify.Withdrawal
	verifications map[string]verify.Verification
	evidence      []verify.Evidence
	sso           map[string]verify.SSO
	attestations  map[string]verify.Attestation
	tags          map[tagKey]string
	windows       map[windowKey][]time.Time
	rosters       map[rosterKey]verify.RosterEntry
	reviews       map[string]verify.Review
	collected     map[collectedKey][]byte
	receipts      []verify.Receipt
	documents     map[string]verify.DocumentFile
	hashes        []verify.PageHash
	sent          map[string]verify.SentMail
	suppressions  map[verify.PersonTag]verify.Suppression
	reminders     map[string]verify.Reminder
	fraud         fraud
	events        []verify.Event
	mails         []verify.CodeMail
	remindersSent []verify.ReminderMail
	changes       []verify.Change
}

func (r *rows) clone() *rows {
	c := *r
	c.groups, c.policies, c.versions = maps.Clone(r.groups), maps.Clone(r.policies), maps.Clone(r.versions)
	c.settings, c.verifications = maps.Clone(r.settings), maps.Clone(r.verifications)
	c.packs, c.pins, c.mailDomains, c.withdrawals = maps.Clone(r.packs), maps.Clone(r.pins), maps.Clone(r.mailDomains), maps.Clone(r.withdrawals)
	c.sso, c.attestations, c.tags, c.windows = maps.Clone(r.sso), maps.Clone(r.attestations), maps.Clone(r.tags), maps.Clone(r.windows)
	c.rosters = maps.Clone(r.rosters)
	c.remindersSent = slices.Clone(r.remindersSent)
	c.sent, c.suppressions, c.reminders = maps.Clone(r.sent), maps.Clone(r.suppressions), maps.Clone(r.reminders)
	c.documents, c.hashes = maps.Clone(r.documents), slices.Clone(r.hashes)
	c.reviews, c.collected, c.receipts = maps.Clone(r.reviews), maps.Clone(r.collected), slices.Clone(r.receipts)
	c.fraud = r.fraud.clone()
	c.evidence, c.events, c.mails, c.changes = slices.Clone(r.evidence), slices.Clone(r.events), slices.Clone(r.mails), slices.Clone(r.changes)
	return &c
}

// Mails returns the codes that were sent in a store, oldest first.
func (s *Storage) Mails(store string) []verify.CodeMail {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.rows[store].mails)
}

// Events returns the events of a store, oldest first.
func (s *Storage) Events(store string) []verify.Event {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.rows[store].events)
}

// Read implements verify.Storage.
func (s *Storage) Read(ctx context.Context, store string, fn func(context.Context, verify.Tx) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, ok := s.rows[store]
	if !ok {
		return missing("store")
	}
	return fn(ctx, &tx{rows: r.clone(), store: store, now: s.time(), library: s.library})
}

// Write implements verify.Storage. It knows nothing of idempotency keys.
func (s *Storage) Write(ctx context.Context, store string, fn func(context.Context, verify.Tx) (any, error)) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, ok := s.rows[store]
	if !ok {
		return nil, missing("store")
	}
	t := &tx{rows: r.clone(), store: store, now: s.time(), library: s.library}
	result, err := fn(ctx, t)
	if err == nil || once.Commits(err) {
		s.rows[store] = t.rows
	}
	return result, err
}

func (s *Storage) time() time.Time { return s.now().UTC().Truncate(time.Microsecond) }

type tx struct {
	*rows
	store string
	now   time.Time
	// library is the gateway's packs. Only WriteLibrary changes them.
	library library
}

func missing(what string) error {
	return fault.Newf(fault.NotFound, "There is no such %s in this store.", what)
}

var errChanged = fault.New(fault.VersionConflict, "Somebody changed this meanwhile.")

func (t *tx) Now() time.Time { return t.now }

func (t *tx) Emit(_ context.Context, e verify.Event) error {
	t.events = append(t.events, e)
	return nil
}

func (t *tx) SendCode(_ context.Context, m verify.CodeMail) error {
	t.mails = append(t.mails, m)
	return nil
}

func (t *tx) Audit(_ context.Context, c verify.Change) error {
	t.changes = append(t.changes, c)
	return nil
}

func find[K comparable, V any](m map[K]V, key K, what string) (V, error) {
	v, ok := m[key]
	if !ok {
		return v, missing(what)
	}
	return v, nil
}

func remove[K comparable, V any](m map[K]V, key K, what string) error {
	if _, ok := m[key]; !ok {
		return missing(what)
	}
	delete(m, key)
	return nil
}

func (t *tx) InsertVerification(_ context.Context, v verify.Verification) error {
	t.verifications[v.ID] = v
	return nil
}

func (t *tx) Verification(_ context.Context, id string) (verify.Verification, error) {
	return find(t.verifications, id, "verification")
}

func (t *tx) LockVerification(ctx context.Context, id string) (verify.Verification, error) {
	return t.Verification(ctx, id)
}

func (t *tx) UpdateVerification(_ context.Context, v verify.Verification) error {
	if t.verifications[v.ID].Revision != v.Revision-1 {
		return errChanged
	}
	t.verifications[v.ID] = v
	return nil
}

func (t *tx) VerificationsOf(_ context.Context, customer string, limit int) ([]verify.Verification, error) {
	var out []verify.Verification
	for _, v := range t.verifications {
		if v.Bound && v.Customer == customer {
			out = append(out, v)
		}
	}
	slices.SortFunc(out, func(a, b verify.Verification) int { return bytes.Compare([]byte(b.ID), []byte(a.ID)) })
	return out[:min(limit, len(out))], nil
}

func (t *tx) DueVerifications(_ context.Context, limit int) ([]string, error) {
	var due []verify.Verification
	for _, v := range t.verifications {
		if !v.State.Final() && v.At(t.now).State == verify.Expired {
			due = append(due, v)
		}
	}
	slices.SortFunc(due, func(a, b verify.Verification) int { return a.ExpiresAt.Compare(b.ExpiresAt) })
	var out []string
	for _, v := range due[:min(limit, len(due))] {
		out = append(out, v.ID)
	}
	return out, nil
}

func (t *tx) InsertEvidence(_ context.Context, e verify.Evidence) error {
	t.evidence = append(t.evidence, e)
	return nil
}

func (t *tx) Evidence(_ context.Context, verification string) ([]verify.Evidence, error) {
	var out []verify.Evidence
	for _, e := range t.evidence {
		if e.Verification == verification {
			out = append(out, e)
		}
	}
	return out, nil
}

func (t *tx) InsertSSO(_ context.Context, s verify.SSO) error {
	t.sso[string(s.StateHash)] = s
	return nil
}

func (t *tx) LockSSO(_ context.Context, stateHash []byte) (verify.SSO, error) {
	return find(t.sso, string(stateHash), "sign-in")
}

func (t *tx) UpdateSSO(_ context.Context, s verify.SSO) error {
	t.sso[string(s.StateHash)] = s
	return nil
}

func (t *tx) DeleteSSO(_ context.Context, verification string, lapsedBefore time.Time) error {
	maps.DeleteFunc(t.sso, func(_ string, s verify.SSO) bool {
		return s.Verification == verification || s.ExpiresAt.Before(lapsedBefore)
	})
	return nil
}
