package admin

import (
	"context"
	"net/http"

	"github.com/laurel-gateway/laurel/api"
	"github.com/laurel-gateway/laurel/internal/console"
	"github.com/laurel-gateway/laurel/internal/fault"
)

type adminMemberPerson struct {
	ID    string `json:"id" doc:"The person's id." example:"per_01920000-0000-7000-8000-000000000001"`
	Email string `json:"email" doc:"Mail address, by which they sign in." example:"mark@shop.example"`
	Name  string `json:"name" doc:"Name." example:"Mark Eter"`
	Role  string `json:"role" enum:"owner,marketer,reviewer,analyst,support" doc:"What they may do in the store." example:"marketer"`
}

func memberOf(m console.Member) adminMemberPerson {
	return adminMemberPerson{ID: m.Person.ID, Email: m.Person.Email, Name: m.Person.Name, Role: string(m.Role)}
}

type adminAddedPerson struct {
	Person   adminMemberPerson `json:"person" doc:"The person."`
	Password string            `json:"password,omitempty" doc:"One-time password of a new person; it is shown this once, ends after 7 days, and must be changed." example:"abcde-fghij-klmno-pqrst"`
}

type personInput struct {
	StorePath
	Body struct {
		Email    string `json:"email" minLength:"3" maxLength:"254" doc:"Mail address." example:"mark@shop.example"`
		Name     string `json:"name" minLength:"1" maxLength:"200" doc:"Name." example:"Mark Eter"`
		Role     string `json:"role" enum:"owner,marketer,reviewer,analyst,support" doc:"What they may do." example:"marketer"`
		Password string `json:"password,omitempty" maxLength:"512" doc:"A password for a new person; left out, they get a one-time password." example:"correct horse battery staple"`
	}
}

type roleInput struct {
	ItemPath
	Body struct {
		Role string `json:"role" enum:"owner,marketer,reviewer,analyst,support" doc:"What they may do." example:"analyst"`
	}
}

func (o *admin) registerPeople() {
	const path = "/v1/admin/stores/{store_id}/people"
	add(o, api.Operation{
		ID: "admin-list-people", Method: http.MethodGet, Path: path, Summary: "List people", Description: "Who works in the store.",
	}, func(ctx context.Context, in *ListPath) (*api.Reply[listed[adminMemberPerson]], error) {
		if err := api.CheckCursor(in.Cursor, "per"); err != nil {
			return nil, err
		}
		rows, err := o.Console.People(ctx, storeID(ctx), in.Cursor, in.more())
		if err != nil {
			return nil, err
		}
		return api.OK(paged(in.Paging, rows, memberOf, func(m console.Member) string { return m.Person.ID }))
	})
	add(o, api.Operation{
		ID: "admin-add-person", Method: http.MethodPost, Path: path, Status: http.StatusCreated, Mutation: true, Summary: "Add a person",
		Description: "Gives somebody a role. Who is new to the gateway gets an account; who is not keeps theirs.", Refusals: []fault.Code{fault.NameTaken},
	}, func(ctx context.Context, in *personInput) (*api.Reply[adminAddedPerson], error) {
		invitation := console.Invitation{Email: in.Body.Email, Name: in.Body.Name, Role: console.Role(in.Body.Role), Password: in.Body.Password}
		return api.Mutate(ctx, func(ctx context.Context) (*console.Invited, error) {
			return o.Console.Invite(ctx, origin(ctx), storeID(ctx), invitation)
		}, func(i *console.Invited) (int, adminAddedPerson) {
			return http.StatusCreated, adminAddedPerson{Person: memberOf(i.Member), Password: i.OneTimePassword}
		})
	})
	add(o, api.Operation{
		ID: "admin-set-role", Method: http.MethodPut, Path: path + "/{id}", Mutation: true, Summary: "Change a person's role",
		Description: "The last owner stays one.", Refusals: []fault.Code{fault.LastOwner},
	}, func(ctx context.Context, in *roleInput) (*api.Reply[adminMemberPerson], error) {
		return api.Mutate(ctx, func(ctx context.Context) (*console.Member, error) {
			return o.Console.SetRole(ctx, origin(ctx), storeID(ctx), in.ID, console.Role(in.Body.Role))
		}, func(m *console.Member) (int, adminMemberPerson) { return http.StatusOK, memberOf(*m) })
	})
	add(o, api.Operation{
		ID: "admin-remove-person", Method: http.MethodDelete, Path: path + "/{id}", Status: http.StatusNoContent, Mutation: true,
		Summary: "Remove a person", Description: "Takes the role in the store away, at once. The last owner stays.", Refusals: []fault.Code{fault.LastOwner},
	}, func(ctx context.Context, in *ItemPath) (*api.Reply[api.Nothing], error) {
		return api.Mutate(ctx, func(ctx context.Context) (*console.Done, error) {
			return o.Console.RemovePerson(ctx, origin(ctx), storeID(ctx), in.ID)
		}, done)
	})
}
