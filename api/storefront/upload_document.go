package storefront

import (
	"context"
	"net/http"
	"time"

	"github.com/laurel-gateway/laurel/api"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/verify"
)

// Documents keeps what shoppers upload (document.Desk).
type Documents interface {
	Upload(ctx context.Context, store verify.StoreRef, verification string, file []byte) (*verify.DocumentFile, error)
}

const (
	// maxUpload bounds the body of an upload: 10 MiB, and a little for clients that wrap it.
	maxUpload = 10<<20 + 16<<10
	// uploadTime is how long an upload may take that goes on arriving: 10 MiB over a slow phone.
	uploadTime = 3 * time.Minute
	// fileType is the one media type of uploads. What a file is says its content.
	fileType = "application/octet-stream"
)

type documentView struct {
	ID        string               `json:"id" doc:"The document's id." example:"doc_01920000-0000-7000-8000-000000000004"`
	State     verify.DocumentState `json:"state" enum:"uploaded,submitted,removed,gone" doc:"uploaded: not handed in yet; submitted: a person looks at it; removed: taken back; gone: deleted." example:"uploaded"`
	MediaType string               `json:"media_type" enum:"image/jpeg,image/png,image/webp,application/pdf" doc:"What the file was, by its content." example:"application/pdf"`
	Size      int                  `json:"size" doc:"Length of the file as it was sent, in bytes." example:"482133"`
	Pages     []documentPageView   `json:"pages" doc:"The pages as they were drawn anew: one for a picture, up to five for a PDF."`
	CreatedAt time.Time            `json:"created_at" doc:"When it was uploaded." example:"2026-01-15T10:30:00Z"`
	DeleteAt  *time.Time           `json:"delete_at" doc:"When it is deleted; null while that depends on a decision." example:"2026-01-16T10:30:00Z"`
}

type documentPageView struct {
	Width  int `json:"width" doc:"In pixels." example:"1697"`
	Height int `json:"height" doc:"In pixels." example:"2400"`
}

func documentOf(d verify.DocumentFile) documentView {
	view := documentView{ID: d.ID, State: d.State, MediaType: d.MediaType, Size: d.Size, Pages: []documentPageView{}, CreatedAt: d.CreatedAt.UTC()}
	for _, p := range d.Pages {
		view.Pages = append(view.Pages, documentPageView{p.Width, p.Height})
	}
	if !d.DeleteAt.IsZero() {
		at := d.DeleteAt.UTC()
		view.DeleteAt = &at
	}
	return view
}

type uploadInput struct {
	VerificationPath
	RawBody []byte `contentType:"application/octet-stream"`
}

func uploadDocument(a *api.API, d Deps) {
	api.Register(a, api.Operation{
		ID: "upload-document", Method: http.MethodPost, Path: "/v1/verifications/{id}/documents", Tag: "Verifications", Status: http.StatusCreated,
		Summary: "Upload a document",
		Description: "Takes one file as the body, as `application/octet-stream`: JPEG, PNG, WebP or PDF by its content, whatever it is called, of 10 MiB and five pages at most. " +
			"It is drawn anew: metadata, scripts and attachments do not survive. At most three documents wait at once; the answer to the step `document` hands them in. " +
			"The same file again is the same document while it waits. `document_refused` says in `detail` what to do, and in the first of `errors` a reason: " +
			"`kind`, `heic`, `unreadable`, `locked`, `pixels`, `small` or `pages`. What is not handed in is deleted after a day.",
		Allow: callersOfOne, Scope: "verifications:write", Mutation: true, Takes: fileType, MaxBody: maxUpload, UploadTime: uploadTime,
		Refusals: []fault.Code{fault.NotFound, fault.InvalidStep, fault.VerificationExpired, fault.DocumentRefused, fault.DocumentLimit, fault.Conflict,
			fault.BodyTooLarge, fault.UnsupportedMedia, fault.Overloaded},
		RequestExample: "(the bytes of the file)",
	}, func(ctx context.Context, in *uploadInput) (*api.Reply[documentView], error) {
		return d.onDocument(ctx, in.ID, http.StatusCreated, func(ctx context.Context, c api.Caller) (*verify.DocumentFile, error) {
			return d.Documents.Upload(ctx, c.StoreRef(), in.ID, in.RawBody)
		})
	})
}

// onDocument runs a change of a document of one verification that the caller may answer.
func (d Deps) onDocument(ctx context.Context, verification string, status int,
	work func(context.Context, api.Caller) (*verify.DocumentFile, error)) (*api.Reply[documentView], error) {
	c := api.CallerFrom(ctx)
	if _, err := d.readFor(ctx, c, verification); err != nil {
		return nil, err
	}
	return api.Mutate(ctx,
		func(ctx context.Context) (*verify.DocumentFile, error) { return work(ctx, c) },
		func(doc *verify.DocumentFile) (int, documentView) { return status, documentOf(*doc) })
}
