package verify

import (
	"context"
	"slices"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/internal/id"
)

// Bounds of documents.
const (
	// MaxDocuments is how many documents one answer has at most.
	MaxDocuments = 3
	// MaxUploads is how many documents a verification takes in all, removed ones included.
	MaxUploads = 20
	// AbandonedAfter is how long a document is kept that is not handed in.
	AbandonedAfter = 24 * time.Hour
)

// DocumentState says where a document stands.
type DocumentState string

// The states of documents. Gone: the file was deleted, and that was seen.
const (
	DocumentUploaded  DocumentState = "uploaded"
	DocumentSubmitted DocumentState = "submitted"
	DocumentRemoved   DocumentState = "removed"
	DocumentGone      DocumentState = "gone"
)

// DocumentFile is a file that a shopper uploaded, as it was drawn anew. The file itself is kept elsewhere, encrypted under a
// key of its own.
type DocumentFile struct {
	ID           string
	Store        string
	Verification string
	State        DocumentState
	// MediaType is that of the file as it was sent, by its content, Size its length in bytes.
	MediaType string
	Size      int
	Pages     []DocumentPage
	// Thumb is the length of the thumbnail, which follows the pages.
	Thumb int
	// Content is a keyed hash of the file as it was sent.
	Content PersonTag
	// Key is the file's key, sealed. It is destroyed with the file.
	Key []byte
	// Digest is the SHA-256 of what is kept, in hex, and Kept its length.
	Digest string
	Kept   int
	// Persons are the tags of whom it was handed in for.
	Persons []PersonTag
	// KeepDays is how many days it is kept after the decision.
	KeepDays    int
	CreatedAt   time.Time
	SubmittedAt time.Time
	// DeleteAt is when it is deleted; zero while that depends on a decision.
	DeleteAt  time.Time
	DeletedAt time.Time
	Proof     *DeletionProof
}

// DocumentPage is one page of a document.
type DocumentPage struct {
	Width  int `json:"w"`
	Height int `json:"h"`
	// Size is the length of its picture in bytes.
	Size int `json:"n"`
	// Hash is its perceptual hash, in hex; empty for a page that is as good as blank.
	Hash string `json:"hash,omitempty"`
}

// DeletionProof is what was seen when a document was deleted.
type DeletionProof struct {
	// By is who deleted it, and At when, by the real clock.
	By string    `json:"by"`
	At time.Time `json:"at"`
	// Digest is that of what was deleted.
	Digest string `json:"sha256"`
	// Found says that there was a file. Absent says that afterwards none was found, neither by name nor by reading.
	Found  bool `json:"found"`
	Absent bool `json:"absent"`
	// KeyDestroyed says that its key was destroyed in the same moment.
	KeyDestroyed bool `json:"key_destroyed"`
}

// Submission is the documents that an answer hands in.
type Submission struct {
	Documents []string
	// KeepDays is how many days they are kept after the decision.
	KeepDays int
}

// UploadRules are what a step with documents takes, for whoever shows it.
type UploadRules struct {
	MaxFiles, MaxBytes, MaxPages int
	MediaTypes                   []string
	// Accepted are the kinds of documents that show the group, in words.
	Accepted []Label
	// Organisations are the only ones that may be named; empty for any.
	Organisations []string
}

// DocumentTaker is a verifier whose step takes documents.
type DocumentTaker interface {
	Upload() UploadRules
}

// DocumentTx is the documents, and the hashes by which look-alikes are found.
type DocumentTx interface {
	InsertDocument(ctx context.Context, d DocumentFile) error
	Document(ctx context.Context, id string) (DocumentFile, error)
	// UpdateDocument writes what changes of a document: all but what it is.
	UpdateDocument(ctx context.Context, d DocumentFile) error
	// Documents returns those of a verification, oldest first.
	Documents(ctx context.Context, verification string) ([]DocumentFile, error)
	// DocumentsByID returns those of these that exist.
	DocumentsByID(ctx context.Context, ids []string) ([]DocumentFile, error)
	// DocumentsOfContent returns those made of the same file, newest first.
	DocumentsOfContent(ctx context.Context, content PersonTag, limit int) ([]DocumentFile, error)
	// DueDocuments returns those that are to be deleted by now, after a cursor id, in the order of ids.
	DueDocuments(ctx context.Context, after string, limit int) ([]DocumentFile, error)
	// DecidedDocuments returns those that were handed in, are decided, and have no day of deletion yet.
	DecidedDocuments(ctx context.Context, limit int) ([]DecidedDocument, error)
	// DocumentPage returns the ids of those that have a file, after a cursor id, in the order of ids.
	DocumentPage(ctx context.Context, after string, limit int) ([]string, error)

	// PutHashes keeps hashes of documents.
	PutHashes(ctx context.Context, hashes []PageHash) error
	// NearHashes returns the hashes that share one of the keys, of each key the newest, at most perKey.
	NearHashes(ctx context.Context, keys []int, perKey int) ([]PageHash, error)
	// ForgetHashes removes hashes that are older than a moment, at most limit, and those of the content of files that were
	// handed in before. It returns how many of the first it removed.
	ForgetHashes(ctx context.Context, before time.Time, limit int) (int, error)
}

// DecidedDocument is a document of a verification that has ended.
type DecidedDocument struct {
	DocumentFile
	DecidedAt time.Time
}

// ErrDocuments says that a verification has as many documents as it may have.
var ErrDocuments = fault.Newf(fault.DocumentLimit, "At most %d documents can be handed in at once. Remove one first.", MaxDocuments)

var errNoDocument = fault.New(fault.NotFound, "There is no such document in this verification.")

// uploaded returns the documents that can be handed in.
func uploaded(all []DocumentFile) []DocumentFile {
	return slices.DeleteFunc(slices.Clone(all), func(d DocumentFile) bool { return d.State != DocumentUploaded })
}

// MayUpload reports whether a verification takes another document, beside those that it has. Faults: invalid_step,
// verification_expired, document_limit.
func (v Verification) MayUpload(all []DocumentFile, now time.Time) error {
	if _, err := v.Admit(StepDocument, now); err != nil {
		return err
	}
	if len(uploaded(all)) >= MaxDocuments {
		return ErrDocuments
	}
	if len(all) >= MaxUploads {
		return fault.New(fault.DocumentLimit, "Too many documents were uploaded. Start a new verification.")
	}
	return nil
}

// NewDocumentID returns a fresh id of a document.
func NewDocumentID() string { return id.New("doc") }
