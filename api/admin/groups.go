package admin

import (
	"context"
	"net/http"

	"github.com/laurel-gateway/laurel/api"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/verify"
)

type adminSubgroup struct {
	Subgroup string            `json:"subgroup" doc:"Name in policies, offers and tokens." example:"university"`
	Label    map[string]string `json:"label" doc:"What people read, by locale."`
}

type adminGroup struct {
	Group     string            `json:"group" doc:"Name in policies, offers and tokens." example:"student"`
	Label     map[string]string `json:"label" doc:"What people read, by locale."`
	Subgroups []adminSubgroup   `json:"subgroups" doc:"Parts of the group; may be empty."`
	Custom    bool              `json:"custom" doc:"True for a group of the store's own." example:"false"`
}

func groupOf(g verify.Group) adminGroup {
	out := adminGroup{Group: g.Name, Label: texts(g.Label), Subgroups: []adminSubgroup{}, Custom: g.Custom}
	for _, s := range g.Subgroups {
		out.Subgroups = append(out.Subgroups, adminSubgroup{s.Name, texts(s.Label)})
	}
	return out
}

type groupInput struct {
	StorePath
	Body struct {
		Group     string            `json:"group" pattern:"^[a-z][a-z0-9_]{0,63}$" doc:"Lower-case letters, digits, underscores." example:"union_member"`
		Label     map[string]string `json:"label" doc:"What people read, by locale."`
		Subgroups []adminSubgroup   `json:"subgroups,omitempty" maxItems:"100" doc:"Parts of the group."`
	}
}

func (o *admin) registerGroups() {
	add(o, api.Operation{
		ID: "admin-list-groups", Method: http.MethodGet, Path: "/v1/admin/stores/{store_id}/groups", Summary: "List groups",
		Description: "What can be proven in the store: the built-in groups, then its own.",
	}, func(ctx context.Context, in *ListPath) (*api.Reply[listed[adminGroup]], error) {
		groups, err := o.Verify.Groups(ctx, ref(ctx))
		if err != nil {
			return nil, err
		}
		return replied(sliced(in.Paging, groups, groupOf, func(g verify.Group) string { return g.Name }))
	})
	add(o, api.Operation{
		ID: "admin-create-group", Method: http.MethodPost, Path: "/v1/admin/stores/{store_id}/groups", Status: http.StatusCreated, Mutation: true,
		Summary: "Save a group of the store's own", Description: "Adds a group, or changes one of the same name. A built-in name is taken.",
		Refusals: []fault.Code{fault.NameTaken}, RequestExample: groupExample(),
	}, func(ctx context.Context, in *groupInput) (*api.Reply[adminGroup], error) {
		g := verify.Group{Name: in.Body.Group, Label: in.Body.Label, Custom: true}
		for _, s := range in.Body.Subgroups {
			g.Subgroups = append(g.Subgroups, verify.Subgroup{Name: s.Subgroup, Label: s.Label})
		}
		return api.Mutate(ctx, func(ctx context.Context) (verify.Group, error) { return o.Verify.SaveGroup(ctx, ref(ctx), by(ctx), g) },
			func(g verify.Group) (int, adminGroup) { return http.StatusCreated, groupOf(g) })
	})
}
