package token

import (
	"bytes"
	"compress/zlib"
	"encoding/json"
	"fmt"
	"time"
)

// StatusListTyp is the type in the header of a status list (Token Status List, section 5.1), and the subtype of its
// media type.
const StatusListTyp = "statuslist+jwt"

// StatusListTTL is how long a verifier may keep a status list.
const StatusListTTL = time.Minute

// statusListLife is how long a status list is good when the gateway does not answer. Then verifiers must not trust it
// any more.
const statusListLife = 5 * time.Minute

// StatusList is a list of one bit for each attestation: set when it has been ended. Equal bits and times give equal
// payloads.
type StatusList struct {
	// URI is the address of the list, its subject.
	URI string
	// Bits holds status 0 in the lowest bit of the first byte (section 4.1).
	Bits []byte
	// IssuedAt is when the bits were read.
	IssuedAt time.Time
}

// NewStatusBits returns size statuses, rounded up to whole bytes, all valid.
func NewStatusBits(size int64) []byte { return make([]byte, (size+7)/8) }

// SetStatus marks one status as ended. It reports whether the list has such an index.
func SetStatus(bits []byte, index int64) bool {
	if index < 0 || index/8 >= int64(len(bits)) {
		return false
	}
	bits[index/8] |= 1 << (index % 8)
	return true
}

// Payload returns the claims of the list (section 5.1), compressed as section 4.1 says.
func (l StatusList) Payload() ([]byte, error) {
	var packed bytes.Buffer
	w, err := zlib.NewWriterLevel(&packed, zlib.BestCompression)
	if err != nil {
		return nil, fmt.Errorf("compress a status list: %w", err)
	}
	if _, err := w.Write(l.Bits); err != nil {
		return nil, fmt.Errorf("compress a status list: %w", err)
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("compress a status list: %w", err)
	}
	type list struct {
		Bits int    `json:"bits"`
		List string `json:"lst"`
	}
	payload, err := json.Marshal(struct {
		Subject   string `json:"sub"`
		IssuedAt  int64  `json:"iat"`
		ExpiresAt int64  `json:"exp"`
		TTL       int64  `json:"ttl"`
		List      list   `json:"status_list"`
	}{l.URI, l.IssuedAt.Unix(), l.IssuedAt.Add(statusListLife).Unix(), int64(StatusListTTL / time.Second), list{1, segment.EncodeToString(packed.Bytes())}})
	if err != nil {
		return nil, fmt.Errorf("encode a status list: %w", err)
	}
	return payload, nil
}
