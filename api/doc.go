// Package api is the gateway's HTTP face: the only package that imports Echo. It authenticates, bounds, and checks every
// request, carries idempotency keys to the transaction, and turns errors into problem documents. The operations stand in
// the packages below it (storefront, checkout, admin), one file each.
//
// # An operation
//
//	type getOrderInput struct {
//		ID string `path:"id" doc:"The order's id." example:"ord_…"`
//	}
//
//	api.Register(a, api.Operation{
//		ID: "get-order", Method: http.MethodGet, Path: "/v1/orders/{id}",
//		Tag: "Orders", Summary: "Read an order", Description: "…",
//		Allow: api.Allow(api.Secret), Scope: "orders:read",
//		Refusals: []fault.Code{fault.NotFound},
//	}, func(ctx context.Context, in *getOrderInput) (*api.Reply[Order], error) {
//		caller := api.CallerFrom(ctx)            // caller.Store is set
//		order, err := orders.Get(ctx, caller.Store.ID, in.ID)
//		if err != nil {
//			return nil, err                      // a fault becomes its problem, anything else a 500
//		}
//		return api.OK(toOrder(order))
//	})
//
// An operation that changes something says Mutation: true. Then an Idempotency-Key is asked for before the body is
// looked at, and the handler runs through Mutate, which renders the answer once, inside the transaction, so that the
// stored bytes are the sent bytes:
//
//	return api.Mutate(ctx,
//		func(ctx context.Context) (*orders.Order, error) { return service.Place(ctx, …) },
//		func(o *orders.Order) (int, Order) { return http.StatusCreated, toOrder(o) })
//
// The first function calls whoever opens the transaction (database.DB.Write, the committer); what that transaction's
// function returns must be the type that the second one renders. Refusals (faults with status 409 or 422) are stored and
// replayed in the same way. A transaction function must therefore do its checks inside, not before.
//
// # Shapes
//
// Bodies are structs with json, doc and example tags; huma's validation tags (minLength, maximum, enum, pattern …) are
// the contract. A field is required unless its json tag says omitempty. Unknown fields are refused. Lists in answers
// must not be nil: they would read null. An object that may be missing is omitempty: a reference cannot be null. Type
// names are unique in the whole contract; View at the end of one is left out there. huma reads exported parts of an
// input only: an embedded struct must be exported. Answers that need headers of their own are structs with Status,
// header fields and a Body of type Rendered; a path that no operation answers well (pages, redirects) is a Mount.
//
// # Who may call
//
// Allow lists the kinds of callers; nobody is the default. For a console operation Roles says which roles may; every
// role may when it is empty, and an operator always may. A {store_id} in the path is loaded into Caller.Store after the
// person's role in it was checked: 404 without one.
//
// # Origins
//
// A browser's preflight carries no key, so it is answered when any store allows its origin. The request itself is held
// to the origins of the key's own store, and to the gateway's own. A request without an Origin header (a server, curl, a
// same-origin GET) is let through: a publishable key is public, and an origin only binds browsers. Operations for secret
// keys alone never answer with CORS headers.
package api
