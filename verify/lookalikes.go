package verify

import (
	"cmp"
	"context"
	"fmt"
	"math/bits"
	"slices"
	"strconv"
	"time"
)

// LookAlikeDistance is in how many of 64 bits the hashes of two pages differ at most that look alike.
const LookAlikeDistance = 6

const (
	// The 64 bits of a hash fall into bands. Two hashes that differ in fewer than two bits for each band agree, but for
	// one bit at most, in one of them (the pigeonhole principle): so all look-alikes are found by few keys.
	bands    = 5
	bandBits = 13
	// perKey bounds what is looked at of one key. Where more share a key, the newest are found.
	perKey = 100
	// maxLookAlikes bounds what is told of one document.
	maxLookAlikes = 50
)

// PageHash is the perceptual hash of one page of a document. It outlives the document: it says nothing about a person and
// cannot be turned back into what was on the page.
type PageHash struct {
	Document  string
	Page      int
	Hash      uint64
	CreatedAt time.Time
}

// Keys are those under which a hash is found, one for each band.
func (h PageHash) Keys() []int {
	out := make([]int, bands)
	for band := range out {
		out[band] = key(band, part(h.Hash, band))
	}
	return out
}

// near are the keys of all hashes that differ from this one in one bit of a band at most.
func near(hash uint64) []int {
	var out []int
	for band := range bands {
		value := part(hash, band)
		out = append(out, key(band, value))
		for bit := range width(band) {
			out = append(out, key(band, value^1<<bit))
		}
	}
	return out
}

func width(band int) int                 { return min(bandBits, 64-band*bandBits) }
func part(hash uint64, band int) int     { return int(hash>>(band*bandBits)) & (1<<width(band) - 1) }
func key(band, value int) int            { return band<<bandBits | value }
func formatHash(hash uint64) string      { return strconv.FormatUint(hash, 16) }
func parseHash(t string) (uint64, error) { return strconv.ParseUint(t, 16, 64) }

// WithHash returns the page with its perceptual hash.
func (p DocumentPage) WithHash(hash uint64) DocumentPage {
	p.Hash = formatHash(hash)
	return p
}

// hashes are those of the pages that have one.
func (d DocumentFile) hashes(now time.Time) []PageHash {
	var out []PageHash
	for i, p := range d.Pages {
		// What cannot be read was not written here.
		if h, err := parseHash(p.Hash); err == nil {
			out = append(out, PageHash{Document: d.ID, Page: i + 1, Hash: h, CreatedAt: now})
		}
	}
	return out
}

// LookAlike is a document of somebody else that looks like one of a verification.
type LookAlike struct {
	// Mine is the document that was asked about, and Page the one of its pages.
	Mine     string
	MinePage int
	// Document and its page look like it; SameFile says that it was made of the very same file.
	Document DocumentFile
	Page     int
	Distance int
	SameFile bool
}

// Shopper is who a document was handed in for, as far as that is known.
type Shopper struct {
	// Persons are tags of what was said about the person.
	Persons []PersonTag
	// Customer is set when somebody with authority named the customer.
	Customer string
}

// FindLookAlikes returns the documents of others that look like one of these, nearest first: of another verification,
// under other names, of another customer. It looks at a bounded number of hashes, however many there are.
func FindLookAlikes(ctx context.Context, tx Tx, docs []DocumentFile, of Shopper) ([]LookAlike, error) {
	best := map[string]LookAlike{}
	note := func(l LookAlike, other string) {
		if seen, ok := best[other]; !ok || l.Distance < seen.Distance || l.SameFile && !seen.SameFile {
			best[other] = l
		}
	}
	for _, d := range docs {
		var same []DocumentFile
		if d.Content != "" {
			var err error
			if same, err = tx.DocumentsOfContent(ctx, d.Content, maxLookAlikes); err != nil {
				return nil, fmt.Errorf("looking for the same file: %w", err)
			}
		}
		for _, other := range same {
			note(LookAlike{Mine: d.ID, MinePage: 1, Page: 1, SameFile: true}, other.ID)
		}
		for _, h := range d.hashes(time.Time{}) {
			found, err := tx.NearHashes(ctx, near(h.Hash), perKey)
			if err != nil {
				return nil, fmt.Errorf("looking for look-alikes: %w", err)
			}
			for _, f := range found {
				if n := bits.OnesCount64(f.Hash ^ h.Hash); n <= LookAlikeDistance {
					note(LookAlike{Mine: d.ID, MinePage: h.Page, Page: f.Page, Distance: n}, f.Document)
				}
			}
		}
	}
	return others(ctx, tx, docs, of, best)
}

// others leaves out what belongs to the shopper.
func others(ctx context.Context, tx Tx, docs []DocumentFile, of Shopper, best map[string]LookAlike) ([]LookAlike, error) {
	ids := make([]string, 0, len(best))
	for id := range best {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(a, b string) int {
		return cmp.Or(cmp.Compare(best[a].Distance, best[b].Distance), cmp.Compare(b, a))
	})
	found, err := tx.DocumentsByID(ctx, ids[:min(len(ids), 4*maxLookAlikes)])
	if err != nil {
		return nil, fmt.Errorf("reading look-alikes: %w", err)
	}
	var out []LookAlike
	for _, d := range found {
		if d.SubmittedAt.IsZero() || slices.ContainsFunc(docs, func(mine DocumentFile) bool { return mine.Verification == d.Verification }) {
			continue
		}
		mine, err := of.has(ctx, tx, d)
		if err != nil {
			return nil, err
		}
		if !mine {
			l := best[d.ID]
			l.Document = d
			out = append(out, l)
		}
	}
	slices.SortFunc(out, func(a, b LookAlike) int {
		return cmp.Or(cmp.Compare(a.Distance, b.Distance), cmp.Compare(b.Document.ID, a.Document.ID))
	})
	return out[:min(len(out), maxLookAlikes)], nil
}

// has reports whether a document is the shopper's own: handed in for the same person, or for a customer whom somebody
// with authority named both times. What a browser says about the customer is nobody's proof.
func (s Shopper) has(ctx context.Context, tx Tx, d DocumentFile) (bool, error) {
	if slices.ContainsFunc(d.Persons, func(t PersonTag) bool { return slices.Contains(s.Persons, t) }) {
		return true, nil
	}
	if s.Customer == "" {
		return false, nil
	}
	v, err := tx.Verification(ctx, d.Verification)
	if err != nil {
		return false, fmt.Errorf("reading the verification of a look-alike: %w", err)
	}
	return v.Bound && v.Customer == s.Customer, nil
}
