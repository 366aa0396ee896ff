package console

import (
	"context"
	"fmt"

	"github.com/alexedwards/argon2id"
	"github.com/laurel-gateway/laurel/internal/webhook"
)

// Config is what a Service is built with.
type Config struct {
	Storage Storage
	Figures Figures
	Groups  Groups
	// Targets says where webhooks may go; Sealer keeps their secrets.
	Targets webhook.Targets
	Sealer  webhook.Sealer
	// Passwords is the cost of a password hash; the zero value means PasswordParams.
	Passwords argon2id.Params
	// Hashing is how many passwords are hashed at once. Zero means 4.
	Hashing int
}

// Service is what the console can do about people, offers, the program and webhooks.
type Service struct {
	storage Storage
	figures Figures
	groups  Groups
	targets webhook.Targets
	sealer  webhook.Sealer
	hasher  *hasher
}

// NewService returns a service.
func NewService(c Config) (*Service, error) {
	if c.Passwords == (argon2id.Params{}) {
		c.Passwords = PasswordParams()
	}
	if c.Hashing == 0 {
		c.Hashing = 4
	}
	return &Service{storage: c.Storage, figures: c.Figures, groups: c.Groups, targets: c.Targets, sealer: c.Sealer,
		hasher: newHasher(c.Passwords, c.Hashing)}, nil
}

// Done is the result of a change that has nothing to show.
type Done struct{}

// write runs fn in one transaction and returns what it returned, which is also what an idempotent answer is made of.
func write[T any](ctx context.Context, s Storage, fn func(context.Context, Tx) (*T, error)) (*T, error) {
	got, err := s.WriteConsole(ctx, func(ctx context.Context, tx Tx) (any, error) {
		result, err := fn(ctx, tx)
		if err != nil {
			return nil, err
		}
		return result, nil
	})
	result, _ := got.(*T)
	return result, err
}

// read runs fn with a consistent view and returns what it returned.
func read[T any](ctx context.Context, s Storage, fn func(context.Context, Tx) (T, error)) (T, error) {
	var result T
	err := s.ReadConsole(ctx, func(ctx context.Context, tx Tx) (err error) {
		result, err = fn(ctx, tx)
		return err
	})
	return result, err
}

// audit writes the entry of a change.
func audit(ctx context.Context, tx Tx, o Origin, store, action, target string, before, after any) error {
	e, err := o.Entry(store, action, target, before, after)
	if err != nil {
		return err
	}
	if err := tx.Audit(ctx, e); err != nil {
		return fmt.Errorf("write the audit entry: %w", err)
	}
	return nil
}

// AuditLog returns a store's audit entries, newest first, before a cursor id ("" for the first page).
func (s *Service) AuditLog(ctx context.Context, store string, f AuditFilter, before string, limit int) ([]Entry, error) {
	return read(ctx, s.storage, func(ctx context.Context, tx Tx) ([]Entry, error) {
		return tx.AuditPage(ctx, store, f, before, limit)
	})
}

// Tidy removes sessions that ended and throttles that nothing was counted on for a day. A job calls it now and then;
// nothing depends on its having run.
func (s *Service) Tidy(ctx context.Context) error {
	return s.storage.RunConsole(ctx, func(ctx context.Context, tx Tx) error {
		if err := tx.DropThrottles(ctx, tx.Now().AddDate(0, 0, -1)); err != nil {
			return err
		}
		return tx.DropSessions(ctx, tx.Now())
	})
}
