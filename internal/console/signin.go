package console

import (
	"context"
	"net/netip"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
)

// Faults of signing in.
var (
	ErrSignIn      = fault.New(fault.SignInFailed, "Address or password is wrong. Check both, or ask an owner of your store.")
	ErrNotSignedIn = fault.New(fault.Unauthenticated, "Sign in to the console first.")
	ErrOneTime     = fault.New(fault.Forbidden, "You signed in with a one-time password. Choose your own password first.")
	errThrottled   = fault.New(fault.SignInThrottled, "Too many attempts to sign in. Wait, then try again.")
)

// SignIn is a person at the door.
type SignIn struct {
	Email    string
	Password string
	// Address is where the request comes from.
	Address netip.Addr
	// Session is the token of a session that the browser still has; it ends.
	Session   string
	RequestID string
}

// SignedIn is a person with the token for the browser, and the stores to work in.
type SignedIn struct {
	Person Person
	Stores []StoreRole
	// Token is empty where none was made.
	Token string
	// ExpiresAt is the latest end of the session.
	ExpiresAt time.Time
}

// SignIn checks a password and opens a session. Somebody unknown, disabled or with a lapsed one-time password gets the
// same refusal after the same work. Faults: sign_in_failed, sign_in_throttled.
func (s *Service) SignIn(ctx context.Context, in SignIn) (SignedIn, error) {
	email := NormaliseEmail(in.Email)
	keys := [][]byte{emailKey(email), addressKey(in.Address)}
	person, err := s.knock(ctx, email, keys)
	if err != nil {
		return SignedIn{}, err
	}
	match, stale, err := s.hasher.matches(ctx, in.Password, person.PasswordHash)
	if err != nil {
		return SignedIn{}, err
	}
	if !match {
		return SignedIn{}, ErrSignIn
	}
	renewed := ""
	if stale {
		if renewed, err = s.hasher.hash(ctx, in.Password); err != nil {
			return SignedIn{}, err
		}
	}
	token, hash := newToken()
	var result SignedIn
	err = s.storage.RunConsole(ctx, func(ctx context.Context, tx Tx) (err error) {
		if err := pardon(ctx, tx, keys); err != nil {
			return err
		}
		result, err = enter(ctx, tx, in, person, renewed, hash)
		return err
	})
	if err != nil {
		return SignedIn{}, err
	}
	result.Token = token
	return result, nil
}

// enter lets somebody in whose password was right, if nothing changed meanwhile. renewed, when set, is a new hash of it.
func enter(ctx context.Context, tx Tx, in SignIn, person Person, renewed string, session []byte) (SignedIn, error) {
	fresh, ok, err := tx.Person(ctx, person.ID)
	if err != nil {
		return SignedIn{}, err
	}
	if !ok || fresh.PasswordHash != person.PasswordHash || !admitted(fresh, tx.Now()) {
		return SignedIn{}, ErrSignIn
	}
	if renewed != "" {
		fresh.PasswordHash, fresh.UpdatedAt = renewed, tx.Now()
		if err := tx.UpdatePerson(ctx, fresh); err != nil {
			return SignedIn{}, err
		}
	}
	if in.Session != "" {
		if err := tx.DeleteSession(ctx, hashToken(in.Session)); err != nil {
			return SignedIn{}, err
		}
	}
	result, err := open(ctx, tx, fresh, session)
	if err != nil {
		return SignedIn{}, err
	}
	return result, audit(ctx, tx, Origin{Actor: fresh.ID, RequestID: in.RequestID}, "", "session.created", fresh.ID, nil, nil)
}

// knock counts the attempt before it is made and finds who it is about. Nobody is an empty person.
func (s *Service) knock(ctx context.Context, email string, keys [][]byte) (Person, error) {
	var person Person
	var wait time.Duration
	err := s.storage.RunConsole(ctx, func(ctx context.Context, tx Tx) error {
		rows, err := tx.LockThrottles(ctx, keys...)
		if err != nil {
			return err
		}
		byEmail, waitEmail := rows[0].attempt(tx.Now(), freeByEmail)
		byAddress, waitAddress := rows[1].attempt(tx.Now(), freeByAddress)
		if wait = max(waitEmail, waitAddress); wait > 0 {
			return nil
		}
		if err := tx.PutThrottles(ctx, byEmail, byAddress); err != nil {
			return err
		}
		found, ok, err := tx.PersonByEmail(ctx, email)
		person = Person{}
		if ok && admitted(found, tx.Now()) {
			person = found
		}
		return err
	})
	if err == nil && wait > 0 {
		err = errThrottled.After(wait.Round(time.Second) + time.Second)
	}
	return person, err
}

func pardon(ctx context.Context, tx Tx, keys [][]byte) error {
	rows, err := tx.LockThrottles(ctx, keys...)
	if err != nil {
		return err
	}
	// The address is only let off this one attempt: an account of one's own must not wash it clean.
	return tx.PutThrottles(ctx, rows[0].succeeded(true), rows[1].succeeded(false))
}

// admitted reports whether a person may sign in at all.
func admitted(p Person, now time.Time) bool {
	return !p.Disabled && (p.PasswordUntil.IsZero() || now.Before(p.PasswordUntil))
}

// open writes a session and gathers what the console shows first.
func open(ctx context.Context, tx Tx, p Person, hash []byte) (SignedIn, error) {
	session := Session{Hash: hash, Person: p.ID, CreatedAt: tx.Now(), SeenAt: tx.Now()}
	if err := tx.PutSession(ctx, session); err != nil {
		return SignedIn{}, err
	}
	stores, err := tx.StoresOf(ctx, p)
	return SignedIn{Person: p, Stores: stores, ExpiresAt: session.CreatedAt.Add(SessionLifetime)}, err
}

// SignOut ends a session. An unknown one is no error.
func (s *Service) SignOut(ctx context.Context, token string) error {
	return s.storage.RunConsole(ctx, func(ctx context.Context, tx Tx) error {
		return tx.DeleteSession(ctx, hashToken(token))
	})
}

// Who returns the signed-in person and the stores to work in. Faults: unauthenticated.
func (s *Service) Who(ctx context.Context, token string) (SignedIn, error) {
	a, err := s.Authenticate(ctx, token)
	if err != nil {
		return SignedIn{}, err
	}
	stores, err := read(ctx, s.storage, func(ctx context.Context, tx Tx) ([]StoreRole, error) { return tx.StoresOf(ctx, a.Person) })
	return SignedIn{Person: a.Person, Stores: stores}, err
}

// Authenticate returns who a token belongs to. Faults: unauthenticated.
func (s *Service) Authenticate(ctx context.Context, token string) (Actor, error) {
	if len(token) != 43 {
		return Actor{}, ErrNotSignedIn
	}
	var session Session
	var now time.Time
	actor, err := read(ctx, s.storage, func(ctx context.Context, tx Tx) (Actor, error) {
		now = tx.Now()
		var ok bool
		var err error
		if session, ok, err = tx.Session(ctx, hashToken(token)); err != nil {
			return Actor{}, err
		}
		if !ok || !now.Before(session.ExpiresAt()) {
			return Actor{}, ErrNotSignedIn
		}
		p, ok, err := tx.Person(ctx, session.Person)
		if err != nil {
			return Actor{}, err
		}
		if !ok || p.Disabled {
			return Actor{}, ErrNotSignedIn
		}
		return Actor{Person: p, Session: session.Hash}, nil
	})
	if err != nil || now.Sub(session.SeenAt) < seenEvery {
		return actor, err
	}
	return actor, s.seen(ctx, session.Hash)
}

// RoleIn returns a person's role in a store, "" without one or without such a store. Faults: forbidden while the person
// has only a one-time password.
func (s *Service) RoleIn(ctx context.Context, person, store string) (Role, error) {
	return read(ctx, s.storage, func(ctx context.Context, tx Tx) (Role, error) {
		p, ok, err := tx.Person(ctx, person)
		if err != nil || !ok {
			return "", err
		}
		if p.MustChangePassword() {
			return "", ErrOneTime
		}
		role, _, err := tx.RoleIn(ctx, store, person)
		return role, err
	})
}

// seen notes that a session was used, unless it ended meanwhile.
func (s *Service) seen(ctx context.Context, hash []byte) error {
	return s.storage.RunConsole(ctx, func(ctx context.Context, tx Tx) error {
		session, ok, err := tx.Session(ctx, hash)
		if err != nil || !ok || !tx.Now().Before(session.ExpiresAt()) {
			return err
		}
		session.SeenAt = tx.Now()
		return tx.PutSession(ctx, session)
	})
}

// ChangePassword sets a new password, ends all sessions of the person and opens a fresh one. Faults: sign_in_failed,
// sign_in_throttled, invalid.
func (s *Service) ChangePassword(ctx context.Context, a Actor, current, fresh, requestID string) (SignedIn, error) {
	f := checkPassword(fault.New(fault.Invalid, "The new password is not good enough."), "#/new", fresh, a.Person.Email)
	if fresh == current {
		f = f.At("#/new", "must differ from the current one")
	}
	if err := orNil(f); err != nil {
		return SignedIn{}, err
	}
	keys := [][]byte{emailKey(a.Person.Email)}
	if err := s.countGuess(ctx, keys); err != nil {
		return SignedIn{}, err
	}
	match, _, err := s.hasher.matches(ctx, current, a.Person.PasswordHash)
	if err != nil {
		return SignedIn{}, err
	}
	if !match {
		return SignedIn{}, ErrSignIn.At("#/current", "is not the current password")
	}
	hashed, err := s.hasher.hash(ctx, fresh)
	if err != nil {
		return SignedIn{}, err
	}
	token, hash := newToken()
	var result SignedIn
	err = s.storage.RunConsole(ctx, func(ctx context.Context, tx Tx) (err error) {
		result, err = setPassword(ctx, tx, a.Person, hashed, hash, requestID)
		return err
	})
	result.Token = token
	return result, err
}

func (s *Service) countGuess(ctx context.Context, keys [][]byte) error {
	var wait time.Duration
	err := s.storage.RunConsole(ctx, func(ctx context.Context, tx Tx) error {
		rows, err := tx.LockThrottles(ctx, keys...)
		if err != nil {
			return err
		}
		var counted Throttle
		if counted, wait = rows[0].attempt(tx.Now(), freeByEmail); wait > 0 {
			return nil
		}
		return tx.PutThrottles(ctx, counted)
	})
	if err == nil && wait > 0 {
		err = errThrottled.After(wait.Round(time.Second) + time.Second)
	}
	return err
}

func setPassword(ctx context.Context, tx Tx, was Person, hashed string, session []byte, requestID string) (SignedIn, error) {
	rows, err := tx.LockThrottles(ctx, emailKey(was.Email))
	if err != nil {
		return SignedIn{}, err
	}
	if err := tx.PutThrottles(ctx, rows[0].succeeded(true)); err != nil {
		return SignedIn{}, err
	}
	p, ok, err := tx.Person(ctx, was.ID)
	if err != nil {
		return SignedIn{}, err
	}
	if !ok || p.PasswordHash != was.PasswordHash {
		return SignedIn{}, ErrSignIn.At("#/current", "is not the current password")
	}
	p.PasswordHash, p.PasswordUntil, p.UpdatedAt = hashed, time.Time{}, tx.Now()
	if err := tx.UpdatePerson(ctx, p); err != nil {
		return SignedIn{}, err
	}
	if err := tx.DeleteSessions(ctx, p.ID); err != nil {
		return SignedIn{}, err
	}
	result, err := open(ctx, tx, p, session)
	if err != nil {
		return SignedIn{}, err
	}
	return result, audit(ctx, tx, Origin{Actor: p.ID, RequestID: requestID}, "", "person.password_changed", p.ID, nil, nil)
}
