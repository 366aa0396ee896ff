package admin

import (
	"context"
	"net/http"
	"time"

	"github.com/laurel-gateway/laurel/api"
	"github.com/laurel-gateway/laurel/internal/codes"
)

type adminCodePool struct {
	Free       int64      `json:"free" doc:"Codes that nobody was given." example:"950"`
	Given      int64      `json:"given" doc:"Codes that were given, each once." example:"50"`
	Threshold  int64      `json:"threshold" doc:"The event code_pool.low is sent when fewer are free." example:"100"`
	Low        bool       `json:"low" doc:"Whether that was sent since the last import." example:"false"`
	ImportedAt *time.Time `json:"imported_at" doc:"The last import; null before the first."`
}

func codePoolOf(c codes.PoolCount) adminCodePool {
	return adminCodePool{Free: c.Free, Given: c.Given, Threshold: c.Threshold, Low: c.Low, ImportedAt: maybe(c.ImportedAt)}
}

type adminImport struct {
	DryRun   bool              `json:"dry_run" doc:"Whether nothing was changed." example:"false"`
	Imported int64             `json:"imported" doc:"Codes that are new." example:"1000"`
	Repeated int64             `json:"repeated" doc:"Codes that stood in the file before." example:"2"`
	Known    int64             `json:"known" doc:"Codes that a pool of the store has already." example:"0"`
	Invalid  int64             `json:"invalid" doc:"Lines without a code that can be used." example:"1"`
	Errors   []adminImportLine `json:"errors" doc:"The first hundred of those lines."`
	Pool     adminCodePool     `json:"pool" doc:"The pool after it."`
}

type adminImportLine struct {
	Line   int    `json:"line" doc:"Line of the file, from 1." example:"17"`
	Detail string `json:"detail" doc:"What is wrong with it." example:"is empty"`
}

func importOf(i codes.Imported) adminImport {
	out := adminImport{DryRun: i.DryRun, Imported: i.Imported, Repeated: i.Repeated, Known: i.Known, Invalid: i.Bad,
		Errors: make([]adminImportLine, len(i.Errors)), Pool: codePoolOf(i.Count)}
	for n, e := range i.Errors {
		out.Errors[n] = adminImportLine{e.Line, e.Detail}
	}
	return out
}

type poolImport struct {
	ItemPath
	DryRun    bool   `query:"dry_run" doc:"Only count and check." example:"true"`
	Threshold int64  `query:"threshold" minimum:"-1" maximum:"1000000" default:"-1" doc:"Tell by the event code_pool.low when fewer are free. -1 leaves it as it is: 100 for a new pool." example:"100"`
	RawBody   []byte `contentType:"text/csv"`
}

func (o *admin) registerPools() {
	const path = "/v1/admin/stores/{store_id}/offers/{id}/code-pool"
	add(o, api.Operation{
		ID: "admin-get-code-pool", Method: http.MethodGet, Path: path, Summary: "Read an offer's code pool",
		Description: "How many of the platform's own codes are left. The codes themselves are never told.",
	}, func(ctx context.Context, in *ItemPath) (*api.Reply[adminCodePool], error) {
		c, err := o.Codes.PoolOf(ctx, storeID(ctx), in.ID)
		if err != nil {
			return nil, err
		}
		return api.OK(codePoolOf(c))
	})
	add(o, api.Operation{
		ID: "admin-import-code-pool", Method: http.MethodPost, Path: path, Mutation: true, Summary: "Import codes into an offer's pool",
		Description: "CSV in UTF-8: the column named code if the first line names one, else the first column; up to 250,000 codes and 16 MiB. A code that any pool " +
			"of the store has already is left out. An offer with code_pool gives each code once, with a fresh token.",
		Takes: "text/csv", RequestExample: "code\nSPRING-7Q2X\nSPRING-9KFD\n", MaxBody: codes.MaxPoolFile,
	}, func(ctx context.Context, in *poolImport) (*api.Reply[adminImport], error) {
		return api.Mutate(ctx, func(ctx context.Context) (*codes.Imported, error) {
			return o.Codes.ImportPool(ctx, origin(ctx), api.CallerFrom(ctx).Store, in.ID, in.RawBody, in.Threshold, in.DryRun)
		}, func(i *codes.Imported) (int, adminImport) { return http.StatusOK, importOf(*i) })
	})
	add(o, api.Operation{
		ID: "admin-empty-code-pool", Method: http.MethodDelete, Path: path, Mutation: true, Summary: "Throw the free codes of a pool away",
		Description: "Codes that were given stay with their tokens.",
	}, func(ctx context.Context, in *ItemPath) (*api.Reply[adminCodePool], error) {
		return api.Mutate(ctx, func(ctx context.Context) (*codes.PoolCount, error) {
			return o.Codes.DropPool(ctx, origin(ctx), storeID(ctx), in.ID)
		}, func(c *codes.PoolCount) (int, adminCodePool) { return http.StatusOK, codePoolOf(*c) })
	})
}
