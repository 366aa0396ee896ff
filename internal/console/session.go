package console

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"time"
)

// How long a session lasts without being used, and at most.
const (
	SessionIdle     = 12 * time.Hour
	SessionLifetime = 7 * 24 * time.Hour
	// seenEvery is how stale the time of last use may be: not every request writes.
	seenEvery = 5 * time.Minute
)

// Session is a signed-in browser.
type Session struct {
	// Hash is the SHA-256 of the token; the token itself is only in the browser.
	Hash      []byte
	Person    string
	CreatedAt time.Time
	SeenAt    time.Time
}

// ExpiresAt is when the session ends if it is not used again.
func (s Session) ExpiresAt() time.Time {
	idle, end := s.SeenAt.Add(SessionIdle), s.CreatedAt.Add(SessionLifetime)
	if end.Before(idle) {
		return end
	}
	return idle
}

// newToken returns a session token, 32 random bytes in base64url, and its hash.
func newToken() (token string, hash []byte) {
	raw := make([]byte, 32)
	_, _ = rand.Read(raw) // never fails: the runtime ends the program first
	token = base64.RawURLEncoding.EncodeToString(raw)
	return token, hashToken(token)
}

func hashToken(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}
