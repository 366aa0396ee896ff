package admin

import (
	"context"
	"net/http"
	"time"

	"github.com/laurel-gateway/laurel/api"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/verify"
	"github.com/laurel-gateway/laurel/verify/document"
)

// Documents shows reviewers what was handed in (document.Desk).
type Documents interface {
	Documents(ctx context.Context, store verify.StoreRef, review string) ([]verify.DocumentFile, error)
	View(ctx context.Context, store verify.StoreRef, by verify.Reviewer, s document.Sight) ([]byte, error)
	LookAlikes(ctx context.Context, store verify.StoreRef, by verify.Reviewer, review, id string) ([]verify.LookAlike, error)
}

type adminDocument struct {
	ID             string              `json:"id" doc:"The document's id." example:"doc_01920000-0000-7000-8000-000000000004"`
	VerificationID string              `json:"verification_id" doc:"The verification that it was handed in for." example:"ver_01920000-0000-7000-8000-000000000001"`
	MediaType      string              `json:"media_type" doc:"What the file was, by its content. What is shown is always a JPEG." example:"application/pdf"`
	Size           int                 `json:"size" doc:"Length of the file as it was sent, in bytes." example:"482133"`
	Pages          []adminDocumentPage `json:"pages" doc:"Its pages."`
	CreatedAt      time.Time           `json:"created_at" doc:"When it was uploaded."`
	SubmittedAt    time.Time           `json:"submitted_at" doc:"When it was handed in."`
	DeleteAt       *time.Time          `json:"delete_at" doc:"When it is deleted; null before the decision."`
	DeletedAt      *time.Time          `json:"deleted_at" doc:"When it was deleted; null while it is there."`
	Proof          *adminDeletion      `json:"proof,omitempty" doc:"What was seen when it was deleted; missing while it is there."`
}

type adminDocumentPage struct {
	Width  int `json:"width" doc:"In pixels." example:"1697"`
	Height int `json:"height" doc:"In pixels." example:"2400"`
}

type adminDeletion struct {
	By           string    `json:"by" doc:"Who deleted it." example:"system"`
	At           time.Time `json:"at" doc:"When, by the real clock."`
	SHA256       string    `json:"sha256" doc:"Digest of the encrypted file that was deleted." example:"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"`
	Found        bool      `json:"found" doc:"Whether the file was there before." example:"true"`
	Absent       bool      `json:"absent" doc:"Whether it was looked for and read again, in vain." example:"true"`
	KeyDestroyed bool      `json:"key_destroyed" doc:"Whether its key was destroyed with it." example:"true"`
}

func adminDocumentOf(d verify.DocumentFile) adminDocument {
	out := adminDocument{ID: d.ID, VerificationID: d.Verification, MediaType: d.MediaType, Size: d.Size, Pages: []adminDocumentPage{},
		CreatedAt: d.CreatedAt, SubmittedAt: d.SubmittedAt, DeleteAt: maybe(d.DeleteAt), DeletedAt: maybe(d.DeletedAt)}
	for _, p := range d.Pages {
		out.Pages = append(out.Pages, adminDocumentPage{p.Width, p.Height})
	}
	if p := d.Proof; p != nil {
		out.Proof = &adminDeletion{By: p.By, At: p.At, SHA256: p.Digest, Found: p.Found, Absent: p.Absent, KeyDestroyed: p.KeyDestroyed}
	}
	return out
}

type adminLookAlike struct {
	Document adminDocument `json:"document" doc:"The document of somebody else. Its picture can be seen under this review while it is there."`
	Page     int           `json:"page" doc:"Its page that looks alike, from 1." example:"1"`
	MinePage int           `json:"mine_page" doc:"The page that it looks like." example:"1"`
	Distance int           `json:"distance" doc:"In how many of 64 bits the two differ, 8 at most; 0 for what cannot be told apart by eye." example:"2"`
	SameFile bool          `json:"same_file" doc:"Whether it was made of the very same file." example:"false"`
}

// DocumentPath names a document of a review.
type DocumentPath struct {
	ItemPath
	Document string `path:"document" maxLength:"60" doc:"The document's id." example:"doc_01920000-0000-7000-8000-000000000004"`
}

func (o *admin) registerReviewDocuments() {
	const path = "/v1/admin/stores/{store_id}/reviews/{id}/documents"
	add(o, api.Operation{
		ID: "admin-list-review-documents", Method: http.MethodGet, Path: path, Summary: "List the documents of a review",
		Description: "Those that were handed in in its verification, oldest first, those of earlier tries and deleted ones included.",
	}, o.listReviewDocuments)
	add(o, api.Operation{
		ID: "admin-get-review-document", Method: http.MethodGet, Path: path + "/{document}", Summary: "See a document",
		Description: "A page of a document of this review, or of one that looks like one of them, as a JPEG that the gateway drew. Every look is in the audit log.",
		AnswerType:  "image/jpeg", Example: "(the bytes of the picture)", Refusals: []fault.Code{fault.Unavailable},
	}, o.getReviewDocument)
	add(o, api.Operation{
		ID: "admin-list-look-alikes", Method: http.MethodGet, Path: path + "/{document}/look-alikes", Summary: "List what looks like a document",
		Description: "Documents of other people that look like this one, nearest first, 50 at most. Who they are stands in their own reviews. Every look is in the audit log.",
	}, o.listLookAlikes)
}

func (o *admin) listReviewDocuments(ctx context.Context, in *struct {
	ItemPath
	Paging
}) (*api.Reply[listed[adminDocument]], error) {
	docs, err := o.Documents.Documents(ctx, ref(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	return replied(sliced(in.Paging, docs, adminDocumentOf, func(d verify.DocumentFile) string { return d.ID }))
}

type pictureReply struct {
	ContentType   string `header:"Content-Type" hidden:"true"`
	CacheControl  string `header:"Cache-Control" doc:"Never kept." example:"no-store"`
	Disposition   string `header:"Content-Disposition" doc:"Shown in the page." example:"inline; filename=\"document.jpg\""`
	Policy        string `header:"Content-Security-Policy" doc:"Nothing in it runs." example:"default-src 'none'; sandbox"`
	SniffOptions  string `header:"X-Content-Type-Options" doc:"It is what it says." example:"nosniff"`
	ResourceScope string `header:"Cross-Origin-Resource-Policy" doc:"For the console alone." example:"same-origin"`
	Body          []byte
}

func (o *admin) getReviewDocument(ctx context.Context, in *struct {
	DocumentPath
	Page int    `query:"page" minimum:"1" maximum:"50" default:"1" doc:"The page, from 1." example:"1"`
	Size string `query:"size" enum:"full,thumbnail" default:"full" doc:"The whole page, or a small picture of the first one." example:"full"`
}) (*pictureReply, error) {
	picture, err := o.Documents.View(ctx, ref(ctx), reviewer(ctx), document.Sight{Review: in.ID, Document: in.Document, Page: in.Page, Thumb: in.Size == "thumbnail"})
	if err != nil {
		return nil, err
	}
	return &pictureReply{ContentType: "image/jpeg", CacheControl: "no-store", Disposition: `inline; filename="document.jpg"`,
		Policy: "default-src 'none'; sandbox", SniffOptions: "nosniff", ResourceScope: "same-origin", Body: picture}, nil
}

func (o *admin) listLookAlikes(ctx context.Context, in *struct {
	DocumentPath
	Paging
}) (*api.Reply[listed[adminLookAlike]], error) {
	found, err := o.Documents.LookAlikes(ctx, ref(ctx), reviewer(ctx), in.ID, in.Document)
	if err != nil {
		return nil, err
	}
	return replied(sliced(in.Paging, found, func(l verify.LookAlike) adminLookAlike {
		return adminLookAlike{Document: adminDocumentOf(l.Document), Page: l.Page, MinePage: l.MinePage, Distance: l.Distance, SameFile: l.SameFile}
	}, func(l verify.LookAlike) string { return l.Document.ID }))
}
