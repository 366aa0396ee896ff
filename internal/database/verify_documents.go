package database

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/laurel-gateway/laurel/verify"
)

type documentRow struct {
	ID, VerificationID, State, MediaType, Pages, Content, Digest, Persons, Proof string

	Size, Thumb, Kept, KeepDays      int
	DataKey                          []byte
	CreatedAt                        time.Time
	SubmittedAt, DeleteAt, DeletedAt *time.Time
	DecidedAt                        *time.Time
}

const documentColumns = "id, verification_id, state, media_type, size, pages, thumb, content, data_key, digest, kept, persons, keep_days, " +
	"created_at, submitted_at, delete_at, deleted_at, proof"

func (t *verifyTx) document(r documentRow) (verify.DocumentFile, error) {
	d := verify.DocumentFile{
		ID: r.ID, Store: t.store, Verification: r.VerificationID, State: verify.DocumentState(r.State), MediaType: r.MediaType, Size: r.Size,
		Thumb: r.Thumb, Content: verify.PersonTag(r.Content), Key: r.DataKey, Digest: r.Digest, Kept: r.Kept, KeepDays: r.KeepDays,
		CreatedAt: r.CreatedAt.UTC(), SubmittedAt: orZero(r.SubmittedAt), DeleteAt: orZero(r.DeleteAt), DeletedAt: orZero(r.DeletedAt),
	}
	if err := fromText(r.Pages, &d.Pages); err != nil {
		return d, err
	}
	if err := fromText(r.Persons, &d.Persons); err != nil {
		return d, err
	}
	return d, fromText(r.Proof, &d.Proof)
}

func (t *verifyTx) documents(ctx context.Context, query string, args ...any) ([]verify.DocumentFile, error) {
	var rows []documentRow
	if err := t.query(ctx, &rows, query, args...); err != nil {
		return nil, fmt.Errorf("read documents: %w", err)
	}
	out := make([]verify.DocumentFile, len(rows))
	for i, r := range rows {
		var err error
		if out[i], err = t.document(r); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (t *verifyTx) documentsWhere(ctx context.Context, where string, args ...any) ([]verify.DocumentFile, error) {
	return t.documents(ctx, "SELECT "+documentColumns+" FROM documents WHERE store_id = ? AND "+where, append([]any{t.store}, args...)...)
}

// InsertDocument implements verify.DocumentTx.
func (t *verifyTx) InsertDocument(ctx context.Context, d verify.DocumentFile) error {
	columns, err := texts(d.Pages, d.Persons, d.Proof)
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, "INSERT INTO documents (store_id, "+documentColumns+") VALUES "+placeholders(1, 19), t.store, d.ID, d.Verification,
		string(d.State), d.MediaType, d.Size, columns[0], d.Thumb, string(d.Content), d.Key, d.Digest, d.Kept, columns[1], d.KeepDays,
		d.CreatedAt, orNull(d.SubmittedAt), orNull(d.DeleteAt), orNull(d.DeletedAt), columns[2])
	if err != nil {
		return fmt.Errorf("write a document: %w", err)
	}
	return nil
}

// Document implements verify.DocumentTx.
func (t *verifyTx) Document(ctx context.Context, id string) (verify.DocumentFile, error) {
	found, err := t.documentsWhere(ctx, "id = ?", id)
	if err == nil && len(found) == 0 {
		err = missing("document")
	}
	if err != nil {
		return verify.DocumentFile{}, err
	}
	return found[0], nil
}

// UpdateDocument implements verify.DocumentTx.
func (t *verifyTx) UpdateDocument(ctx context.Context, d verify.DocumentFile) error {
	columns, err := texts(d.Persons, d.Proof)
	if err != nil {
		return err
	}
	n, err := t.exec(ctx, "UPDATE documents SET state = ?, content = ?, data_key = ?, persons = ?, keep_days = ?, submitted_at = ?, delete_at = ?, "+
		"deleted_at = ?, proof = ? WHERE store_id = ? AND id = ?", string(d.State), string(d.Content), d.Key, columns[0], d.KeepDays,
		orNull(d.SubmittedAt), orNull(d.DeleteAt), orNull(d.DeletedAt), columns[1], t.store, d.ID)
	return must(n, err, "document")
}

// Documents implements verify.DocumentTx.
func (t *verifyTx) Documents(ctx context.Context, verification string) ([]verify.DocumentFile, error) {
	return t.documentsWhere(ctx, "verification_id = ? ORDER BY id", verification)
}

// DocumentsByID implements verify.DocumentTx.
func (t *verifyTx) DocumentsByID(ctx context.Context, ids []string) ([]verify.DocumentFile, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	args := make([]any, len(ids))
	for i, id := range ids {
		args[i] = id
	}
	return t.documentsWhere(ctx, "id IN "+placeholders(1, len(ids))+" ORDER BY id", args...)
}

// DocumentsOfContent implements verify.DocumentTx.
func (t *verifyTx) DocumentsOfContent(ctx context.Context, content verify.PersonTag, limit int) ([]verify.DocumentFile, error) {
	return t.documentsWhere(ctx, "content = ? ORDER BY id DESC LIMIT ?", string(content), limit)
}

// DueDocuments implements verify.DocumentTx.
func (t *verifyTx) DueDocuments(ctx context.Context, after string, limit int) ([]verify.DocumentFile, error) {
	return t.documentsWhere(ctx, "deleted_at IS NULL AND delete_at <= ? AND id > ? ORDER BY id LIMIT ?", t.Now(), after, limit)
}

// DecidedDocuments implements verify.DocumentTx.
func (t *verifyTx) DecidedDocuments(ctx context.Context, limit int) ([]verify.DecidedDocument, error) {
	var rows []documentRow
	err := t.query(ctx, &rows, "SELECT d."+strings.ReplaceAll(documentColumns, ", ", ", d.")+", v.decided_at FROM documents d JOIN verifications v "+
		"ON v.store_id = d.store_id AND v.id = d.verification_id WHERE d.store_id = ? AND d.deleted_at IS NULL AND d.delete_at IS NULL "+
		"AND v.state IN (?, ?, ?, ?) AND v.decided_at IS NOT NULL ORDER BY d.id LIMIT ?", t.store, string(verify.Verified), string(verify.Failed),
		string(verify.Expired), string(verify.Cancelled), limit)
	if err != nil {
		return nil, fmt.Errorf("read decided documents: %w", err)
	}
	out := make([]verify.DecidedDocument, len(rows))
	for i, r := range rows {
		d, err := t.document(r)
		if err != nil {
			return nil, err
		}
		out[i] = verify.DecidedDocument{DocumentFile: d, DecidedAt: orZero(r.DecidedAt)}
	}
	return out, nil
}

// DocumentPage implements verify.DocumentTx.
func (t *verifyTx) DocumentPage(ctx context.Context, after string, limit int) ([]string, error) {
	var rows []struct{ ID string }
	err := t.query(ctx, &rows, "SELECT id FROM documents WHERE store_id = ? AND deleted_at IS NULL AND id > ? ORDER BY id LIMIT ?", t.store, after, limit)
	out := make([]string, len(rows))
	for i, r := range rows {
		out[i] = r.ID
	}
	return out, err
}

var documentHashes = newTable("document_hashes", 4, "store_id text, band bigint, document_id text, page bigint, hash text, created_at timestamptz")

// PutHashes implements verify.DocumentTx.
func (t *verifyTx) PutHashes(ctx context.Context, hashes []verify.PageHash) error {
	var rows [][]any
	for _, h := range hashes {
		for _, key := range h.Keys() {
			rows = append(rows, []any{t.store, int64(key), h.Document, int64(h.Page), strconv.FormatUint(h.Hash, 16), h.CreatedAt})
		}
	}
	if len(rows) == 0 {
		return nil
	}
	return t.insert(ctx, documentHashes, rows, " ON CONFLICT (store_id, band, document_id, page) DO NOTHING")
}

// NearHashes implements verify.DocumentTx. Each key is asked for by itself, so that the work is bounded even where many
// documents share one.
func (t *verifyTx) NearHashes(ctx context.Context, keys []int, perKey int) ([]verify.PageHash, error) {
	var parts []string
	var args []any
	for i, key := range keys {
		parts = append(parts, "SELECT * FROM (SELECT document_id, page, hash, created_at FROM document_hashes WHERE store_id = ? AND band = ? "+
			"ORDER BY document_id DESC LIMIT ?) AS k"+strconv.Itoa(i))
		args = append(args, t.store, key, perKey)
	}
	var rows []struct {
		DocumentID, Hash string
		Page             int
		CreatedAt        time.Time
	}
	if err := t.query(ctx, &rows, strings.Join(parts, " UNION ALL "), args...); err != nil {
		return nil, fmt.Errorf("read hashes of documents: %w", err)
	}
	seen := map[string]bool{}
	var out []verify.PageHash
	for _, r := range rows {
		name := r.DocumentID + "/" + strconv.Itoa(r.Page)
		if seen[name] {
			continue
		}
		seen[name] = true
		hash, err := strconv.ParseUint(r.Hash, 16, 64)
		if err != nil {
			return nil, fmt.Errorf("read the hash of %s: %w", r.DocumentID, err)
		}
		out = append(out, verify.PageHash{Document: r.DocumentID, Page: r.Page, Hash: hash, CreatedAt: r.CreatedAt.UTC()})
	}
	return out, nil
}

// ForgetHashes implements verify.DocumentTx.
func (t *verifyTx) ForgetHashes(ctx context.Context, before time.Time, limit int) (int, error) {
	n, err := t.exec(ctx, "DELETE FROM document_hashes WHERE store_id = ? AND (band, document_id, page) IN "+
		"(SELECT band, document_id, page FROM document_hashes WHERE store_id = ? AND created_at < ? LIMIT ?)", t.store, t.store, before, limit)
	if err != nil {
		return 0, fmt.Errorf("forget hashes of documents: %w", err)
	}
	_, err = t.exec(ctx, "UPDATE documents SET content = '' WHERE store_id = ? AND submitted_at < ? AND content <> ''", t.store, before)
	if err != nil {
		return 0, fmt.Errorf("forget the content of documents: %w", err)
	}
	return int(n), nil
}
