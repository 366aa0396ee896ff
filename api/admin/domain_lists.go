package admin

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/laurel-gateway/laurel/api"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/verify"
)

type adminDomainList struct {
	ID      string   `json:"id" doc:"The list's name: policies name an eligible one as email:{id}." example:"districts"`
	Version int      `json:"version" doc:"Counts the changes: send it with the next one." example:"1"`
	Name    string   `json:"name" doc:"The same." example:"districts"`
	Purpose string   `json:"purpose" enum:"eligible,abused,stopped" doc:"eligible: addresses there prove; abused and stopped: they never do." example:"eligible"`
	Count   int      `json:"count" doc:"How many domains." example:"120"`
	Digest  string   `json:"digest" doc:"Digest of the domains, which verifications keep." example:"sha256:…"`
	Domains []string `json:"domains,omitempty" doc:"The domains, sorted; only when one list is read."`
}

func domainListOf(l verify.DomainList) adminDomainList {
	return adminDomainList{ID: l.Name, Version: l.Version, Name: l.Name, Purpose: string(l.Purpose), Count: len(l.Domains), Digest: l.Digest}
}

func wholeDomainList(l verify.DomainList) adminDomainList {
	out := domainListOf(l)
	out.Domains = l.Domains
	return out
}

// AdminDomains is the content of a list as an admin sends it.
type AdminDomains struct {
	Purpose string   `json:"purpose" enum:"eligible,abused,stopped" doc:"What the list is for." example:"eligible"`
	Domains []string `json:"domains,omitempty" maxItems:"100000" doc:"The domains; or send text."`
	Text    string   `json:"text,omitempty" maxLength:"4000000" doc:"The domains, one a line; # begins a comment."`
}

func (d AdminDomains) input(name string, version int) verify.DomainListInput {
	text := d.Text
	if len(d.Domains) > 0 {
		text = strings.Join(append(slices.Clone(d.Domains), text), "\n")
	}
	return verify.DomainListInput{Name: name, Purpose: verify.Purpose(d.Purpose), Text: text, Version: version}
}

// maxListBody bounds a request with a domain list, in bytes.
const maxListBody = 5 << 20

type domainListInput struct {
	StorePath
	Body struct {
		Name string `json:"name" minLength:"1" maxLength:"63" doc:"Name of the list: lower case, digits, dashes." example:"districts"`
		AdminDomains
	}
}

type domainListChange struct {
	ItemPath
	Body struct {
		Version int    `json:"version" minimum:"1" doc:"The version that the change was made from." example:"1"`
		Name    string `json:"name,omitempty" maxLength:"63" doc:"The list's name, which does not change." example:"districts"`
		AdminDomains
	}
}

func (o *admin) registerDomainLists() {
	const path = "/v1/admin/stores/{store_id}/domain-lists"
	add(o, api.Operation{
		ID: "admin-list-domain-lists", Method: http.MethodGet, Path: path, Summary: "List domain lists", Description: "The store's own lists of mail domains, without the domains.",
	}, func(ctx context.Context, in *ListPath) (*api.Reply[listed[adminDomainList]], error) {
		lists, err := o.Verify.DomainLists(ctx, ref(ctx))
		if err != nil {
			return nil, err
		}
		return replied(sliced(in.Paging, lists, domainListOf, func(l verify.DomainList) string { return l.Name }))
	})
	add(o, api.Operation{
		ID: "admin-create-domain-list", Method: http.MethodPost, Path: path, Status: http.StatusCreated, Mutation: true, MaxBody: maxListBody,
		Summary: "Create a domain list", Description: "Adds a list of mail domains: of school districts, hospitals, or companies.", RequestExample: domainListExample(),
		Refusals: []fault.Code{fault.VersionConflict},
	}, func(ctx context.Context, in *domainListInput) (*api.Reply[adminDomainList], error) {
		return o.saveDomainList(ctx, in.Body.input(in.Body.Name, 0), http.StatusCreated)
	})
	add(o, api.Operation{
		ID: "admin-get-domain-list", Method: http.MethodGet, Path: path + "/{id}", Summary: "Read a domain list", Description: "The list with its domains.",
	}, func(ctx context.Context, in *ItemPath) (*api.Reply[adminDomainList], error) {
		lists, err := o.Verify.DomainLists(ctx, ref(ctx))
		if err != nil {
			return nil, err
		}
		i := slices.IndexFunc(lists, func(l verify.DomainList) bool { return l.Name == in.ID })
		if i < 0 {
			return nil, fault.New(fault.NotFound, "There is no such domain list in this store.")
		}
		return api.OK(wholeDomainList(lists[i]))
	})
	add(o, api.Operation{
		ID: "admin-update-domain-list", Method: http.MethodPut, Path: path + "/{id}", Mutation: true, MaxBody: maxListBody,
		Summary: "Change a domain list", Description: "Replaces the domains.", RequestExample: domainListChangeExample(), Refusals: []fault.Code{fault.VersionConflict},
	}, func(ctx context.Context, in *domainListChange) (*api.Reply[adminDomainList], error) {
		if in.Body.Name != "" && in.Body.Name != in.ID {
			return nil, fault.New(fault.Invalid, "A list keeps its name: policies know it by that.").At("#/name", "must be the name in the path")
		}
		return o.saveDomainList(ctx, in.Body.input(in.ID, in.Body.Version), http.StatusOK)
	})
	add(o, api.Operation{
		ID: "admin-delete-domain-list", Method: http.MethodDelete, Path: path + "/{id}", Status: http.StatusNoContent, Mutation: true,
		Summary: "Delete a domain list", Description: "Refused while a policy names it.", Refusals: []fault.Code{fault.Conflict},
	}, func(ctx context.Context, in *ItemPath) (*api.Reply[api.Nothing], error) {
		return api.Mutate(ctx, finish(func(ctx context.Context) error { return o.Verify.DeleteDomainList(ctx, ref(ctx), by(ctx), in.ID) }), done)
	})
}

func (o *admin) saveDomainList(ctx context.Context, in verify.DomainListInput, status int) (*api.Reply[adminDomainList], error) {
	return api.Mutate(ctx, func(ctx context.Context) (verify.DomainList, error) {
		return o.Verify.SaveDomainList(ctx, ref(ctx), by(ctx), in)
	},
		func(l verify.DomainList) (int, adminDomainList) { return status, wholeDomainList(l) })
}
