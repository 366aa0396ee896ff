package console

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"
	"github.com/laurel-gateway/laurel/internal/fault"
	"golang.org/x/crypto/argon2"
)

// Lengths of a password, in characters and in bytes.
const (
	MinPassword = 12
	maxPassword = 512
)

// PasswordParams is the cost of a guess: the second recommended choice of RFC 9106, section 4 (64 MiB, 3 passes).
func PasswordParams() argon2id.Params {
	return argon2id.Params{Memory: 64 * 1024, Iterations: 3, Parallelism: 4, SaltLength: 16, KeyLength: 32}
}

// checkPassword notes what is wrong with a password that somebody chose.
func checkPassword(f *fault.Fault, pointer, password, email string) *fault.Fault {
	switch {
	case utf8.RuneCountInString(password) < MinPassword:
		return f.At(pointer, fmt.Sprintf("must have at least %d characters", MinPassword))
	case len(password) > maxPassword:
		return f.At(pointer, fmt.Sprintf("must have at most %d bytes", maxPassword))
	case strings.EqualFold(password, email):
		return f.At(pointer, "must not be the mail address")
	case strings.Count(password, password[:1]) == len(password):
		return f.At(pointer, "must not be one character again and again")
	}
	return f
}

// hasher bounds how many passwords are hashed at once: each takes tens of megabytes.
type hasher struct {
	params argon2id.Params
	slots  chan struct{}
	// decoy is compared with when there is nobody of that name, so that the answer takes as long. It is the hash of no
	// password: its key is random.
	decoy string
}

func newHasher(params argon2id.Params, parallel int) *hasher {
	salt, key := make([]byte, params.SaltLength), make([]byte, params.KeyLength)
	_, _ = rand.Read(salt) // never fails (crypto/rand)
	_, _ = rand.Read(key)
	return &hasher{params: params, slots: make(chan struct{}, parallel), decoy: fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version,
		params.Memory, params.Iterations, params.Parallelism, base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(key))}
}

func (h *hasher) enter(ctx context.Context) error {
	select {
	case h.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("wait to hash a password: %w", ctx.Err())
	}
}

func (h *hasher) hash(ctx context.Context, password string) (string, error) {
	if err := h.enter(ctx); err != nil {
		return "", err
	}
	defer func() { <-h.slots }()
	hash, err := argon2id.CreateHash(password, &h.params)
	if err != nil {
		return "", fmt.Errorf("hash a password: %w", err)
	}
	return hash, nil
}

// matches compares a password with a hash, or with the decoy when hash is empty. stale says that the hash was made at
// another cost and is to be made anew.
func (h *hasher) matches(ctx context.Context, password, hash string) (match, stale bool, err error) {
	known := hash != ""
	if !known {
		hash = h.decoy
	}
	if len(password) > maxPassword {
		password = password[:maxPassword]
		known = false
	}
	if err := h.enter(ctx); err != nil {
		return false, false, err
	}
	defer func() { <-h.slots }()
	match, params, err := argon2id.CheckHash(password, hash)
	if err != nil {
		return false, false, fmt.Errorf("compare a password: %w", err)
	}
	return match && known, params != nil && *params != h.params, nil
}

// oneTimePassword returns a password of 100 random bits in groups of five that can be read out.
func oneTimePassword() string {
	t := rand.Text()[:20]
	return strings.ToLower(t[:5] + "-" + t[5:10] + "-" + t[10:15] + "-" + t[15:])
}
