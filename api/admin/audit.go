package admin

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/laurel-gateway/laurel/api"
	"github.com/laurel-gateway/laurel/internal/console"
)

type adminAuditEntry struct {
	ID        string         `json:"id" doc:"The entry's id." example:"aud_01920000-0000-7000-8000-000000000001"`
	Actor     string         `json:"actor" doc:"Who: a person's id, or operator for the command line." example:"per_01920000-0000-7000-8000-000000000001"`
	Action    string         `json:"action" doc:"What." example:"offer.updated"`
	Target    string         `json:"target" doc:"The id of what was changed." example:"off_01920000-0000-7000-8000-000000000001"`
	Changes   map[string]any `json:"changes" doc:"The fields that changed, before and after; no secrets."`
	RequestID string         `json:"request_id" doc:"The request that did it." example:"req_01920000-0000-7000-8000-000000000001"`
	CreatedAt time.Time      `json:"created_at" doc:"When."`
}

func (o *admin) registerAudit() {
	add(o, api.Operation{
		ID: "admin-list-audit", Method: http.MethodGet, Path: "/v1/admin/stores/{store_id}/audit", Summary: "List the audit log",
		Description: "Every change of the store's configuration and every adjustment, newest first.",
	}, o.listAudit)
}

func (o *admin) listAudit(ctx context.Context, in *struct {
	ListPath
	Actor  string `query:"actor" maxLength:"100" doc:"Only by this person."`
	Action string `query:"action" maxLength:"100" doc:"Only this action." example:"offer.updated"`
}) (*api.Reply[listed[adminAuditEntry]], error) {
	if err := api.CheckCursor(in.Cursor, "aud"); err != nil {
		return nil, err
	}
	rows, err := o.Console.AuditLog(ctx, storeID(ctx), console.AuditFilter{Actor: in.Actor, Action: in.Action}, in.Cursor, in.more())
	if err != nil {
		return nil, err
	}
	shown := make([]adminAuditEntry, len(rows))
	for i, e := range rows {
		changes, err := changesOf(e)
		if err != nil {
			return nil, err
		}
		shown[i] = adminAuditEntry{ID: e.ID, Actor: e.Actor, Action: e.Action, Target: e.Target, Changes: changes, RequestID: e.RequestID, CreatedAt: e.At}
	}
	return api.OK(paged(in.Paging, shown, func(e adminAuditEntry) adminAuditEntry { return e }, func(e adminAuditEntry) string { return e.ID }))
}

// changesOf returns an entry's changes as before and after. What other packages noted in a shape of their own is what
// there was afterwards.
func changesOf(e console.Entry) (map[string]any, error) {
	var changes map[string]any
	if err := json.Unmarshal(e.Changes, &changes); err != nil {
		return nil, fmt.Errorf("decode the changes of audit entry %s: %w", e.ID, err)
	}
	for side := range changes {
		if side != "before" && side != "after" {
			return map[string]any{"after": changes}, nil
		}
	}
	if changes == nil {
		changes = map[string]any{}
	}
	return changes, nil
}
