package loyalty

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
)

// Digest returns the entry's hash: SHA-256 over a canonical encoding that holds the hash of the entry before. What could
// lead to a person or an order (source, reason, actor) enters through the entry's commitment alone.
func (e Entry) Digest() []byte {
	h := sha256.New()
	text := func(s string) {
		var n [4]byte
		binary.BigEndian.PutUint32(n[:], uint32(len(s)))
		h.Write(n[:])
		h.Write([]byte(s))
	}
	number := func(v int64) {
		var n [8]byte
		binary.BigEndian.PutUint64(n[:], uint64(v))
		h.Write(n[:])
	}
	text("laurel.entry.v1")
	h.Write(e.PrevHash)
	text(e.Store)
	text(e.MemberID)
	number(e.Seq)
	text(e.ID)
	text(string(e.Kind))
	text(string(e.From))
	text(string(e.To))
	number(e.Points)
	h.Write(e.Commitment)
	number(int64(len(e.Lots)))
	for _, l := range e.Lots {
		text(l.Lot)
		number(l.Points)
	}
	number(e.RuleVersion)
	number(e.OccurredAt.UnixMicro())
	number(e.RecordedAt.UnixMicro())
	return h.Sum(nil)
}

// Commit returns the commitment to what could lead to a person or an order: an HMAC-SHA-256 under the member's salt. Once
// the salt is erased nobody can open it, and the chain still verifies.
func (e Entry) Commit(salt []byte) []byte {
	mac := hmac.New(sha256.New, salt)
	for _, s := range []string{e.Source.Type, e.Source.ID, e.Source.Line, e.Reason, e.Actor} {
		var n [4]byte
		binary.BigEndian.PutUint32(n[:], uint32(len(s)))
		mac.Write(n[:])
		mac.Write([]byte(s))
	}
	return mac.Sum(nil)
}

// VerifyChain checks a member's entries, in order from the first: numbers without a gap, hashes that link, recorded
// times that never go back, and commitments while the member's salt exists. It names the first broken entry.
func VerifyChain(salt []byte, entries []Entry) error {
	var prev Entry
	for i, e := range entries {
		switch {
		case e.Seq != int64(i)+1:
			return fmt.Errorf("entry %s: number %d, want %d", e.ID, e.Seq, i+1)
		case !bytes.Equal(e.PrevHash, prev.Hash):
			return fmt.Errorf("entry %s: does not follow entry %d", e.ID, prev.Seq)
		case e.RecordedAt.Before(prev.RecordedAt):
			return fmt.Errorf("entry %s: recorded before entry %d", e.ID, prev.Seq)
		case len(salt) > 0 && !hmac.Equal(e.Commitment, e.Commit(salt)):
			return fmt.Errorf("entry %s: source, reason or actor is not what was recorded", e.ID)
		case !bytes.Equal(e.Hash, e.Digest()):
			return fmt.Errorf("entry %s: hash does not match its content", e.ID)
		}
		prev = e
	}
	return nil
}

// Balances replays entries and returns what each account holds. Their sum is zero.
func Balances(entries []Entry) map[Account]int64 {
	sums := map[Account]int64{}
	for _, e := range entries {
		sums[e.From] -= e.Points
		sums[e.To] += e.Points
	}
	return sums
}
