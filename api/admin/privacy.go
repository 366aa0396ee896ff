package admin

import (
	"context"
	"maps"
	"net/http"
	"time"

	"github.com/laurel-gateway/laurel/api"
	apiprivacy "github.com/laurel-gateway/laurel/api/privacy"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/internal/privacy"
	"github.com/laurel-gateway/laurel/internal/tenant"
)

type adminPrivacyRequest struct {
	ID           string           `json:"id" doc:"The request." example:"prq_01920000-0000-7000-8000-000000000001"`
	Kind         privacy.Kind     `json:"kind" enum:"export,erasure" doc:"What was asked for. Objections are in the review queue." example:"erasure"`
	State        privacy.State    `json:"state" enum:"waiting,running,done" doc:"Where it stands." example:"done"`
	Customer     string           `json:"customer" doc:"Whom it is about, or the pseudonym once they were erased; empty for a guest." example:"erased_ABCDEFGHIJKLMNOPQRSTUVWXYZ"`
	Verification string           `json:"verification_id" doc:"The verification of a guest; empty for a customer." example:""`
	AskedBy      privacy.Asker    `json:"asked_by" enum:"shopper,store,console" doc:"Who asked." example:"shopper"`
	Actor        string           `json:"actor" doc:"The key or person that asked; shopper for the shopper." example:"shopper"`
	Removed      map[string]int64 `json:"removed" doc:"What was removed, by class." example:"{\"verifications\":2}"`
	Receipt      *string          `json:"receipt" doc:"The signed receipt of an erasure that is done; null otherwise." example:"eyJ…"`
	CreatedAt    time.Time        `json:"created_at" doc:"When it was asked for." example:"2026-01-15T10:30:00Z"`
	DoneAt       *time.Time       `json:"done_at" doc:"When it was done; null before." example:"2026-01-15T10:30:04Z"`
}

func privacyRequestOf(r privacy.Request) adminPrivacyRequest {
	v := adminPrivacyRequest{ID: r.ID, Kind: r.Kind, State: r.State, Customer: r.Subject.Customer, Verification: r.Subject.Verification, AskedBy: r.AskedBy,
		Actor: r.Actor, Removed: r.Removed, CreatedAt: r.CreatedAt, DoneAt: maybe(r.DoneAt)}
	if v.Removed == nil {
		v.Removed = map[string]int64{}
	}
	if r.Receipt != "" {
		v.Receipt = &r.Receipt
	}
	return v
}

type adminRetention struct {
	Version int64              `json:"version" doc:"Send it back with a change of the clocks." example:"3"`
	Classes []adminRetentionOf `json:"classes" doc:"Everything that is kept about people, and for how long."`
}

type adminRetentionOf struct {
	Class       privacy.Class `json:"class" doc:"What it is." example:"collected"`
	Kept        privacy.Kept  `json:"kept" enum:"days,fixed,by_verifier,until_erased" doc:"What ends the keeping: days that the store sets, a fixed time, the configuration of the verifier, or the shopper's erasure." example:"days"`
	Days        *int          `json:"days" doc:"How long it is kept; null where no days are set." example:"90"`
	Seconds     *int64        `json:"seconds" doc:"A fixed time; null otherwise." example:"900"`
	Default     *int          `json:"default_days" doc:"The days when the store sets none; null where none can be set." example:"90"`
	Min         *int          `json:"min_days" doc:"The fewest days that can be set; null where none can be." example:"1"`
	Max         *int          `json:"max_days" doc:"The most days that can be set; null where none can be." example:"365"`
	OldestAt    *time.Time    `json:"oldest_at" doc:"When the oldest was made; null when there is none, or it cannot be found at once." example:"2026-01-15T10:30:00Z"`
	Overdue     bool          `json:"overdue" doc:"Whether something is kept for longer than it should be." example:"false"`
	LastRunAt   *time.Time    `json:"last_run_at" doc:"When the job ran last that removes it; null when none has." example:"2026-01-15T10:00:00Z"`
	RemovedLast int64         `json:"removed_last_run" doc:"How much the last run removed." example:"12"`
	Removed30   int64         `json:"removed_30_days" doc:"How much was removed in 30 days." example:"340"`
}

func retentionOf(s privacy.Standing, now time.Time) adminRetentionOf {
	out := adminRetentionOf{Class: s.Class, Kept: s.Kept, OldestAt: maybe(s.Oldest), Overdue: s.Overdue(now), LastRunAt: maybe(s.LastRun),
		RemovedLast: s.RemovedLast, Removed30: s.Removed30}
	switch s.Kept {
	case privacy.ByClock:
		out.Days, out.Default, out.Min, out.Max = &s.Days, &s.Default, &s.Min, &s.Max
	case privacy.Fixed:
		seconds := int64(s.For / time.Second)
		out.Seconds = &seconds
	}
	return out
}

// PrivacyCustomerPath names whom something is about, in a store.
type PrivacyCustomerPath struct {
	StorePath
	Customer string `path:"customer" minLength:"1" maxLength:"255" doc:"The store's own reference to the customer; or verification: and the id of a guest's verification." example:"c-1"`
}

func (o *admin) registerPrivacy() {
	const path = "/v1/admin/stores/{store_id}/privacy"
	add(o, api.Operation{
		ID: "admin-list-privacy-requests", Method: http.MethodGet, Path: path + "/requests", Summary: "List privacy requests",
		Description: "Exports and erasures that were asked for, newest first: by the shopper, by the store's server, or at the console. Objections are reviews: they wait in the review queue.",
	}, o.listPrivacyRequests)
	add(o, api.Operation{
		ID: "admin-get-privacy-request", Method: http.MethodGet, Path: path + "/requests/{id}", Summary: "Read a privacy request",
		Description: "Where it stands, what was removed, and the receipt.",
	}, func(ctx context.Context, in *ItemPath) (*api.Reply[adminPrivacyRequest], error) {
		r, err := o.Privacy.Request(ctx, storeID(ctx), in.ID)
		if err != nil {
			return nil, err
		}
		return api.OK(privacyRequestOf(r))
	})
	add(o, api.Operation{
		ID: "admin-erase-customer", Method: http.MethodPost, Path: path + "/erasures", Status: http.StatusAccepted, Mutation: true, Summary: "Forget a shopper",
		Description: "On behalf of a shopper who asked the store. As `erase-customer`; it is in the audit log.", Refusals: []fault.Code{fault.Invalid},
	}, o.eraseCustomer)
	add(o, api.Operation{
		ID: "admin-export-data", Method: http.MethodGet, Path: path + "/customers/{customer}/data", Summary: "Export everything that is kept about a shopper",
		Description: "On behalf of a shopper who asked the store. As `export-data`; the first part is in the audit log and in the list of privacy requests.",
	}, o.exportData)
	add(o, api.Operation{
		ID: "admin-get-retention", Method: http.MethodGet, Path: path + "/retention", Summary: "See how long what is kept",
		Description: "Each class of personal data: for how long it is kept, the oldest there is, and what the job that removes it has done.",
	}, func(ctx context.Context, _ *StorePath) (*api.Reply[adminRetention], error) {
		store, err := o.Tenants.Store(ctx, storeID(ctx))
		if err != nil {
			return nil, err
		}
		shown, err := o.retention(ctx, store)
		if err != nil {
			return nil, err
		}
		return api.OK(shown)
	})
	add(o, api.Operation{
		ID: "admin-set-retention", Method: http.MethodPut, Path: path + "/retention", Mutation: true, Summary: "Set how long what is kept",
		Description: "Replaces the days that the store set; a class that is left out has its default. The job removes within an hour what is too old by then.",
		Refusals:    []fault.Code{fault.Invalid, fault.VersionConflict},
	}, o.setRetention)
}

func (o *admin) listPrivacyRequests(ctx context.Context, in *struct {
	ListPath
	Kind     string `query:"kind" enum:"export,erasure" doc:"Only of this kind." example:"erasure"`
	State    string `query:"state" enum:"waiting,running,done" doc:"Only in this state." example:"done"`
	Customer string `query:"customer" maxLength:"255" doc:"Only about this customer." example:"c-1"`
}) (*api.Reply[listed[adminPrivacyRequest]], error) {
	if err := api.CheckCursor(in.Cursor, "prq"); err != nil {
		return nil, err
	}
	f := privacy.RequestFilter{Kind: privacy.Kind(in.Kind), State: privacy.State(in.State), Customer: in.Customer}
	rows, err := o.Privacy.ListRequests(ctx, storeID(ctx), f, in.Cursor, in.more())
	if err != nil {
		return nil, err
	}
	return api.OK(paged(in.Paging, rows, privacyRequestOf, func(r privacy.Request) string { return r.ID }))
}

func (o *admin) eraseCustomer(ctx context.Context, in *struct {
	StorePath
	Body struct {
		Customer string `json:"customer" minLength:"1" maxLength:"255" doc:"The store's own reference to the customer; or verification: and the id of a guest's verification." example:"c-1"`
		Confirm  bool   `json:"confirm" enum:"true" doc:"true: it is meant. There is no way back." example:"true"`
	}
}) (*api.Reply[adminPrivacyRequest], error) {
	subject, from := privacy.SubjectOf(in.Body.Customer), origin(ctx)
	return api.Mutate(ctx, func(ctx context.Context) (*privacy.Asked, error) {
		return o.Privacy.Erase(ctx, storeID(ctx), subject, privacy.Console, from.Actor, from.RequestID)
	}, func(asked *privacy.Asked) (int, adminPrivacyRequest) {
		return http.StatusAccepted, privacyRequestOf(asked.Request)
	})
}

func (o *admin) exportData(ctx context.Context, in *struct {
	PrivacyCustomerPath
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"100" doc:"How many records at most." example:"100"`
	Cursor string `query:"cursor" maxLength:"400" doc:"next_cursor of the part before." example:"order.o-1"`
}) (*api.Reply[apiprivacy.RecordPage], error) {
	from := origin(ctx)
	records, next, err := o.Privacy.Export(ctx, storeID(ctx), privacy.SubjectOf(in.Customer), privacy.Console, from.Actor, from.RequestID, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	return api.OK(apiprivacy.Page(records, next))
}

// clocksOf are the days that a store set.
func clocksOf(s *tenant.Store) privacy.Clocks { return privacy.ClocksOf(s.Settings.Retention) }

func (o *admin) retention(ctx context.Context, store *tenant.Store) (adminRetention, error) {
	out := adminRetention{Version: store.Version, Classes: []adminRetentionOf{}}
	standings, err := o.Privacy.Retention(ctx, store.ID, clocksOf(store))
	if err != nil {
		return out, err
	}
	for _, s := range standings {
		out.Classes = append(out.Classes, retentionOf(s, store.Now(o.Now())))
	}
	return out, nil
}

type adminClocks struct {
	Version int64          `json:"version" doc:"The store's version after the change." example:"4"`
	Days    map[string]int `json:"days" doc:"The days that the store set, by class." example:"{\"collected\":30}"`
}

func (o *admin) setRetention(ctx context.Context, in *struct {
	StorePath
	Body struct {
		Version int64          `json:"version" minimum:"1" doc:"The version that the change is made to." example:"3"`
		Days    map[string]int `json:"days" doc:"Days by class." example:"{\"collected\":30}"`
	}
}) (*api.Reply[adminClocks], error) {
	var before map[string]int
	days := maps.Clone(in.Body.Days)
	view := func(days map[string]int) func() any {
		return func() any { return map[string]any{"retention": days} }
	}
	note := audited(origin(ctx), "", "store.retention_set", func() any { return view(before)() }, view(days))
	return api.Mutate(ctx, func(ctx context.Context) (*tenant.Store, error) {
		if err := privacy.ClocksOf(days).Check(); err != nil {
			return nil, err
		}
		return o.Tenants.Update(ctx, storeID(ctx), in.Body.Version, func(s *tenant.Store) {
			before, s.Settings.Retention = s.Settings.Retention, days
		}, note)
	}, func(s *tenant.Store) (int, adminClocks) {
		shown := adminClocks{Version: s.Version, Days: s.Settings.Retention}
		if shown.Days == nil {
			shown.Days = map[string]int{}
		}
		return http.StatusOK, shown
	})
}
