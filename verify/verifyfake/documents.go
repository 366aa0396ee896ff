package verifyfake

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/laurel-gateway/laurel/verify"
)

func (t *tx) InsertDocument(_ context.Context, d verify.DocumentFile) error {
	t.documents[d.ID] = d
	return nil
}

func (t *tx) Document(_ context.Context, id string) (verify.DocumentFile, error) {
	return find(t.documents, id, "document")
}

func (t *tx) UpdateDocument(_ context.Context, d verify.DocumentFile) error {
	if _, ok := t.documents[d.ID]; !ok {
		return missing("document")
	}
	t.documents[d.ID] = d
	return nil
}

// documentsWhere returns some, in the order of their ids.
func (t *tx) documentsWhere(want func(verify.DocumentFile) bool) []verify.DocumentFile {
	var out []verify.DocumentFile
	for _, d := range sorted(t.documents, func(d verify.DocumentFile) string { return d.ID }) {
		if want(d) {
			out = append(out, d)
		}
	}
	return out
}

func (t *tx) Documents(_ context.Context, verification string) ([]verify.DocumentFile, error) {
	return t.documentsWhere(func(d verify.DocumentFile) bool { return d.Verification == verification }), nil
}

func (t *tx) DocumentsByID(_ context.Context, ids []string) ([]verify.DocumentFile, error) {
	return t.documentsWhere(func(d verify.DocumentFile) bool { return slices.Contains(ids, d.ID) }), nil
}

func (t *tx) DocumentsOfContent(_ context.Context, content verify.PersonTag, limit int) ([]verify.DocumentFile, error) {
	found := t.documentsWhere(func(d verify.DocumentFile) bool { return d.Content == content })
	slices.Reverse(found)
	return found[:min(limit, len(found))], nil
}

func (t *tx) DueDocuments(_ context.Context, after string, limit int) ([]verify.DocumentFile, error) {
	found := t.documentsWhere(func(d verify.DocumentFile) bool {
		return d.DeletedAt.IsZero() && !d.DeleteAt.IsZero() && !d.DeleteAt.After(t.now) && d.ID > after
	})
	return found[:min(limit, len(found))], nil
}

func (t *tx) DecidedDocuments(_ context.Context, limit int) ([]verify.DecidedDocument, error) {
	var out []verify.DecidedDocument
	for _, d := range t.documentsWhere(func(d verify.DocumentFile) bool { return d.DeletedAt.IsZero() && d.DeleteAt.IsZero() }) {
		if v := t.verifications[d.Verification]; v.State.Final() && !v.DecidedAt.IsZero() {
			out = append(out, verify.DecidedDocument{DocumentFile: d, DecidedAt: v.DecidedAt})
		}
	}
	return out[:min(limit, len(out))], nil
}

func (t *tx) DocumentPage(_ context.Context, after string, limit int) ([]string, error) {
	var out []string
	for _, d := range t.documentsWhere(func(d verify.DocumentFile) bool { return d.DeletedAt.IsZero() && d.ID > after }) {
		out = append(out, d.ID)
	}
	return out[:min(limit, len(out))], nil
}

func (t *tx) PutHashes(_ context.Context, hashes []verify.PageHash) error {
	for _, h := range hashes {
		known := slices.ContainsFunc(t.hashes, func(k verify.PageHash) bool { return k.Document == h.Document && k.Page == h.Page })
		if !known {
			t.hashes = append(t.hashes, h)
		}
	}
	return nil
}

func (t *tx) NearHashes(_ context.Context, keys []int, perKey int) ([]verify.PageHash, error) {
	all := slices.Clone(t.hashes)
	slices.SortStableFunc(all, func(a, b verify.PageHash) int { return strings.Compare(b.Document, a.Document) })
	taken := map[int]int{}
	var out []verify.PageHash
	for _, h := range all {
		found := false
		for _, key := range h.Keys() {
			if slices.Contains(keys, key) && taken[key] < perKey {
				taken[key]++
				found = true
			}
		}
		if found {
			out = append(out, h)
		}
	}
	return out, nil
}

func (t *tx) ForgetHashes(_ context.Context, before time.Time, limit int) (int, error) {
	n := 0
	t.hashes = slices.DeleteFunc(t.hashes, func(h verify.PageHash) bool {
		gone := n < limit && h.CreatedAt.Before(before)
		if gone {
			n++
		}
		return gone
	})
	for id, d := range t.documents {
		if !d.SubmittedAt.IsZero() && d.SubmittedAt.Before(before) {
			d.Content = ""
			t.documents[id] = d
		}
	}
	return n, nil
}
