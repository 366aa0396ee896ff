package database

import (
	"context"
	"crypto/x509"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/laurel-gateway/laurel/offers/token"
)

// KeySealer guards private keys at rest (crypt.Master).
type KeySealer interface {
	Seal(plaintext, associatedData []byte) ([]byte, error)
	Open(sealed, associatedData []byte) ([]byte, error)
}

// SigningKeys keeps the keys that sign offer tokens, sealed. It implements token.KeyStore.
type SigningKeys struct {
	db     *DB
	sealer KeySealer
}

// NewSigningKeys returns the keys on db, sealed by sealer.
func NewSigningKeys(db *DB, sealer KeySealer) SigningKeys { return SigningKeys{db, sealer} }

const signingKeyColumns = "kid, alg, private_key, created_at, active_from, retired_at, not_after, revoked_at"

// Keys implements token.KeyStore: all keys, oldest first.
func (s SigningKeys) Keys(ctx context.Context) (keys []token.Key, err error) {
	err = s.db.Read(ctx, func(ctx context.Context, tx *Tx) error {
		keys, err = s.read(ctx, tx, "")
		return err
	})
	return keys, err
}

func (s SigningKeys) read(ctx context.Context, tx *Tx, lock string) ([]token.Key, error) {
	var keys []token.Key
	q := "SELECT " + signingKeyColumns + " FROM signing_keys ORDER BY created_at, kid" + lock
	err := tx.rows(ctx, "signing_keys", q, nil, func(r *sql.Rows) error {
		var kid, alg string
		var sealed []byte
		var created, active time.Time
		var retired, end, revoked sql.NullTime
		if err := r.Scan(&kid, &alg, &sealed, &created, &active, &retired, &end, &revoked); err != nil {
			return err
		}
		der, err := s.sealer.Open(sealed, []byte(kid))
		if err != nil {
			return fmt.Errorf("open signing key %s: is the master key the one it was sealed with? %w", kid, err)
		}
		k, err := token.ParsePrivate(token.Alg(alg), der)
		if err != nil {
			return err
		}
		k.CreatedAt, k.ActiveFrom = created.UTC(), active.UTC()
		k.RetiredAt, k.NotAfter, k.Revoked = timeOf(retired), timeOf(end), revoked.Valid
		keys = append(keys, k)
		return nil
	})
	return keys, err
}

// Ensure implements token.KeyStore: it makes a key of an algorithm if none signs now. Replicas may call it at once.
func (s SigningKeys) Ensure(ctx context.Context, alg token.Alg) error {
	_, err := s.change(ctx, func(keys []token.Key, now time.Time) (token.Succession, error) {
		if token.Signs(keys, alg, now) {
			return token.Succession{}, nil
		}
		return token.First(keys, alg, now)
	})
	return err
}

// Rotate adds the next key of an algorithm, which signs after lead; the ones before it verify until their last token has
// expired. It returns the id of the new key.
func (s SigningKeys) Rotate(ctx context.Context, alg token.Alg, lead time.Duration) (string, error) {
	return s.change(ctx, func(keys []token.Key, now time.Time) (token.Succession, error) {
		return token.Rotate(keys, alg, now, lead)
	})
}

// change writes a succession, one at a time.
func (s SigningKeys) change(ctx context.Context, next func([]token.Key, time.Time) (token.Succession, error)) (kid string, err error) {
	err = s.db.Run(ctx, func(ctx context.Context, tx *Tx) error {
		if err := tx.lockKeyRing(ctx); err != nil {
			return err
		}
		keys, err := s.read(ctx, tx, "")
		if err != nil {
			return err
		}
		succession, err := next(keys, tx.now)
		if err != nil {
			return err
		}
		kid = succession.Next.KID
		return s.write(ctx, tx, succession)
	})
	return kid, err
}

// lockKeyRing keeps other replicas from changing the keys at once. There may be no row yet to lock.
func (tx *Tx) lockKeyRing(ctx context.Context) error {
	if tx.db.dialect == SQLite {
		return nil
	}
	_, err := tx.exec(ctx, "LOCK TABLE signing_keys IN SHARE ROW EXCLUSIVE MODE")
	return err
}

func (s SigningKeys) write(ctx context.Context, tx *Tx, c token.Succession) error {
	if c.Next.KID == "" {
		return nil
	}
	for _, k := range c.Retired {
		if _, err := tx.exec(ctx, "UPDATE signing_keys SET retired_at = ?, not_after = ? WHERE kid = ?", k.RetiredAt, k.NotAfter, k.KID); err != nil {
			return fmt.Errorf("retire signing key: %w", err)
		}
	}
	der, err := c.Next.MarshalPrivate()
	if err != nil {
		return err
	}
	sealed, err := s.sealer.Seal(der, []byte(c.Next.KID))
	if err != nil {
		return fmt.Errorf("seal signing key: %w", err)
	}
	public, err := x509.MarshalPKIXPublicKey(c.Next.Public)
	if err != nil {
		return fmt.Errorf("encode public key: %w", err)
	}
	_, err = tx.exec(ctx, "INSERT INTO signing_keys (kid, alg, private_key, public_key, created_at, active_from) VALUES (?, ?, ?, ?, ?, ?)",
		c.Next.KID, string(c.Next.Alg), sealed, public, c.Next.CreatedAt, c.Next.ActiveFrom)
	if err != nil {
		return fmt.Errorf("add signing key: %w", err)
	}
	return nil
}

// ErrNoSigningKey says that there is no such key.
var ErrNoSigningKey = errors.New("there is no signing key with this id")

// Revoke ends a leaked key at once: it neither signs nor verifies, whatever tokens it has signed. When it was the one
// that signs, a new one is made in its place and signs at once.
func (s SigningKeys) Revoke(ctx context.Context, kid string) error {
	return s.db.Run(ctx, func(ctx context.Context, tx *Tx) error {
		if err := tx.lockKeyRing(ctx); err != nil {
			return err
		}
		keys, err := s.read(ctx, tx, "")
		if err != nil {
			return err
		}
		n, err := tx.exec(ctx, "UPDATE signing_keys SET revoked_at = ? WHERE kid = ? AND revoked_at IS NULL", tx.now, kid)
		if err != nil {
			return fmt.Errorf("revoke signing key: %w", err)
		}
		if n == 0 {
			return ErrNoSigningKey
		}
		i := slices.IndexFunc(keys, func(k token.Key) bool { return k.KID == kid })
		alg := keys[i].Alg
		signed := token.Signs(keys, alg, tx.now)
		if keys = slices.Delete(keys, i, i+1); !signed || token.Signs(keys, alg, tx.now) {
			return nil
		}
		succession, err := token.First(keys, alg, tx.now)
		if err != nil {
			return err
		}
		return s.write(ctx, tx, succession)
	})
}
