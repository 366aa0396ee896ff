package admin

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/laurel-gateway/laurel/api"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/verify"
)

type adminRoster struct {
	ID           string `json:"id" doc:"The roster's name: policies name it as registry:{id}." example:"district-staff"`
	Version      int    `json:"version" doc:"Counts the imports: send it with the next one." example:"1"`
	Title        string `json:"title" doc:"What people call it." example:"Staff of the district"`
	Group        string `json:"group" doc:"The group that its members are." example:"teacher"`
	Subgroup     string `json:"subgroup" doc:"The part of the group; an entry may name its own." example:"k12"`
	Confidential bool   `json:"confidential" doc:"Whether nobody but the members knows the numbers." example:"false"`
	Entries      int    `json:"entries" doc:"How many members are on it." example:"120"`
	Digest       string `json:"digest" doc:"Digest of the entries, which verifications keep." example:"sha256:…"`
}

func rosterOf(s verify.Setting) (adminRoster, error) {
	r := adminRoster{ID: s.Instance, Version: s.Version}
	if err := json.Unmarshal(s.Config, &r); err != nil {
		return r, fmt.Errorf("decode the configuration of roster %s: %w", s.Instance, err)
	}
	return r, nil
}

// AdminRosterColumns are the list's own names of its columns.
type AdminRosterColumns struct {
	Number     string `json:"number,omitempty" maxLength:"100" doc:"Column of the number; number if left out." example:"number"`
	FirstName  string `json:"first_name,omitempty" maxLength:"100" doc:"Column of the first name; first_name if left out." example:"first_name"`
	MiddleName string `json:"middle_name,omitempty" maxLength:"100" doc:"Column of the middle name; middle_name if left out, and may be missing in the list."`
	LastName   string `json:"last_name,omitempty" maxLength:"100" doc:"Column of the last name; last_name if left out." example:"last_name"`
	Subgroup   string `json:"subgroup,omitempty" maxLength:"100" doc:"Column of the subgroup; subgroup if left out, and may be missing in the list."`
}

// AdminRosterFields is a roster as an admin sends it.
type AdminRosterFields struct {
	Title        string             `json:"title" minLength:"1" maxLength:"200" doc:"What people call it." example:"Staff of the district"`
	Group        string             `json:"group" minLength:"1" maxLength:"64" doc:"The group that its members are." example:"teacher"`
	Subgroup     string             `json:"subgroup,omitempty" maxLength:"64" doc:"The part of the group." example:"k12"`
	Confidential bool               `json:"confidential,omitempty" doc:"Nobody but the members knows the numbers. Without it a policy needs a second source beside the roster." example:"false"`
	Columns      AdminRosterColumns `json:"columns,omitempty" doc:"The list's own names of its columns."`
	Text         string             `json:"text" minLength:"1" maxLength:"16000000" doc:"The list: CSV with a line of column names, or one JSON object a line. Only keyed hashes of it are kept." example:"number,first_name,last_name\nT-1001,Ada,Lovelace\n"`
}

func (f AdminRosterFields) input(name string, version int) verify.RosterInput {
	return verify.RosterInput{Name: name, Title: f.Title, Group: f.Group, Subgroup: f.Subgroup, Confidential: f.Confidential, Text: f.Text,
		Columns: verify.RosterColumns(f.Columns), Version: version}
}

// maxRosterBody bounds a request with a roster, in bytes.
const maxRosterBody = 17 << 20

type rosterInput struct {
	StorePath
	Body struct {
		ID string `json:"id" pattern:"^[a-z0-9][a-z0-9-]{0,62}$" doc:"Name in requirements." example:"district-staff"`
		AdminRosterFields
	}
}

type rosterChange struct {
	ItemPath
	Body struct {
		Version int `json:"version" minimum:"1" doc:"The version that the change was made from." example:"1"`
		AdminRosterFields
	}
}

func (o *admin) registerRosters() {
	const path = "/v1/admin/stores/{store_id}/rosters"
	add(o, api.Operation{
		ID: "admin-list-rosters", Method: http.MethodGet, Path: path, Summary: "List rosters",
		Description: "The store's lists of members, by name. Who is on them cannot be read.",
	}, o.listRosters)
	add(o, api.Operation{
		ID: "admin-create-roster", Method: http.MethodPost, Path: path, Status: http.StatusCreated, Mutation: true, MaxBody: maxRosterBody,
		Summary: "Import a roster", Description: "Reads a list of members: teachers, staff, a union. Policies name it as registry:{id}. Each entry proves one person.",
		Refusals: []fault.Code{fault.VersionConflict},
	}, func(ctx context.Context, in *rosterInput) (*api.Reply[adminRoster], error) {
		return o.saveRoster(ctx, in.Body.input(in.Body.ID, 0), http.StatusCreated)
	})
	add(o, api.Operation{
		ID: "admin-update-roster", Method: http.MethodPut, Path: path + "/{id}", Mutation: true, MaxBody: maxRosterBody,
		Summary: "Import a roster again", Description: "Replaces the list. What was proven by the one before holds until it ends.",
		Refusals: []fault.Code{fault.VersionConflict},
	}, func(ctx context.Context, in *rosterChange) (*api.Reply[adminRoster], error) {
		return o.saveRoster(ctx, in.Body.input(in.ID, in.Body.Version), http.StatusOK)
	})
	add(o, api.Operation{
		ID: "admin-delete-roster", Method: http.MethodDelete, Path: path + "/{id}", Status: http.StatusNoContent, Mutation: true,
		Summary: "Delete a roster", Description: "Refused while a policy names it.", Refusals: []fault.Code{fault.Conflict},
	}, func(ctx context.Context, in *ItemPath) (*api.Reply[api.Nothing], error) {
		return api.Mutate(ctx, finish(func(ctx context.Context) error { return o.Verify.DeleteRoster(ctx, ref(ctx), by(ctx), in.ID) }), done)
	})
}

func (o *admin) listRosters(ctx context.Context, in *ListPath) (*api.Reply[listed[adminRoster]], error) {
	settings, err := o.Verify.RosterSettings(ctx, ref(ctx))
	if err != nil {
		return nil, err
	}
	shown := make([]adminRoster, len(settings))
	for i, s := range settings {
		if shown[i], err = rosterOf(s); err != nil {
			return nil, err
		}
	}
	return replied(sliced(in.Paging, shown, func(r adminRoster) adminRoster { return r }, func(r adminRoster) string { return r.ID }))
}

func (o *admin) saveRoster(ctx context.Context, in verify.RosterInput, status int) (*api.Reply[adminRoster], error) {
	return api.Mutate(ctx, func(ctx context.Context) (verify.Setting, error) {
		return o.Verify.SaveRoster(ctx, ref(ctx), by(ctx), in)
	}, func(s verify.Setting) (int, adminRoster) {
		r, err := rosterOf(s)
		if err != nil {
			// The configuration is of this program's own making, a moment ago.
			panic(err)
		}
		return status, r
	})
}
