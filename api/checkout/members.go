package checkout

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/laurel-gateway/laurel/api"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/loyalty"
)

type memberInput struct {
	Customer string `path:"customer" maxLength:"255" doc:"The store's own reference to the customer." example:"c-1"`
}

type memberView struct {
	Customer string           `json:"customer" doc:"The customer." example:"c-1"`
	Balance  memberBalance    `json:"balance" doc:"The points."`
	Tier     *memberTier      `json:"tier,omitempty" doc:"The tier now; missing when the store has no program."`
	NextTier *memberNextTier  `json:"next_tier,omitempty" doc:"The tier above; missing at the top."`
	Expiring []memberExpiring `json:"expiring" doc:"Points that can be spent only for a time, soonest first."`
}

type memberBalance struct {
	Available int64 `json:"available" doc:"Points that can be spent." example:"40"`
	Pending   int64 `json:"pending" doc:"Points that will be available later." example:"0"`
	Debt      int64 `json:"debt" doc:"Points that were taken back and not covered. The next points repay them first." example:"0"`
}

type memberTier struct {
	ID   string `json:"id" doc:"The tier." example:"bronze"`
	Name string `json:"name" doc:"Its name." example:"Bronze"`
}

type memberNextTier struct {
	ID      string `json:"id" doc:"The tier." example:"silver"`
	Name    string `json:"name" doc:"Its name." example:"Silver"`
	Missing int64  `json:"missing" doc:"Qualifying points to it." example:"460"`
}

type memberExpiring struct {
	Points int64     `json:"points" doc:"How many." example:"40"`
	At     time.Time `json:"at" doc:"From then on they cannot be spent." example:"2027-11-21T00:00:00Z"`
}

var errNoMember = fault.New(fault.NotFound, "There is no such member.")

// mayRead lets a customer session read its own member only.
func mayRead(c api.Caller, customer string) error {
	if c.Kind == api.Customer && c.Customer != customer {
		return errNoMember
	}
	return nil
}

func getMember(a *api.API, d Deps) {
	api.Register(a, api.Operation{
		ID: "get-member", Method: http.MethodGet, Path: "/v1/members/{customer}", Tag: "Members",
		Summary:     "Read a member's points and tier",
		Description: "As of now, whether or not a job has run. A customer session reads its own; one that has earned nothing yet reads zeros.",
		Allow:       api.Allow(api.Secret, api.Customer), Scope: "members:read",
	}, func(ctx context.Context, in *memberInput) (*api.Reply[memberView], error) {
		c := api.CallerFrom(ctx)
		if err := mayRead(c, in.Customer); err != nil {
			return nil, err
		}
		s, known, err := d.Checkout.Standing(ctx, c.Store, in.Customer)
		if err != nil {
			return nil, err
		}
		if !known && c.Kind != api.Customer {
			return nil, errNoMember
		}
		return api.OK(memberOf(s))
	})
}

func memberOf(s loyalty.Standing) memberView {
	v := memberView{Customer: s.Customer, Balance: memberBalance{Available: s.Available, Pending: s.Pending, Debt: s.Debt}, Expiring: []memberExpiring{}}
	if s.Tier.ID != "" {
		v.Tier = &memberTier{ID: s.Tier.ID, Name: s.Tier.Name}
	}
	if s.Next != nil {
		v.NextTier = &memberNextTier{ID: s.Next.ID, Name: s.Next.Name, Missing: s.Missing}
	}
	for _, e := range s.Expiring {
		v.Expiring = append(v.Expiring, memberExpiring{Points: e.Points, At: e.At})
	}
	return v
}

type listEntriesInput struct {
	Customer string `path:"customer" maxLength:"255" doc:"The store's own reference to the customer." example:"c-1"`
	Limit    int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"How many at most." example:"50"`
	Cursor   string `query:"cursor" pattern:"^[1-9][0-9]{0,17}$" doc:"The next_cursor of the page before." example:"42"`
}

type entryPage struct {
	Data       []entryView `json:"data" doc:"The entries, newest first."`
	NextCursor *string     `json:"next_cursor" doc:"Where the next page begins; null on the last one." example:"42"`
}

type entryView struct {
	ID         string      `json:"id" doc:"The entry." example:"ent_01920000-0000-7000-8000-000000000008"`
	Seq        int64       `json:"seq" doc:"Its number among the member's entries, from 1 without gaps." example:"1"`
	Kind       string      `json:"kind" enum:"earn,activate,expire,spend,clawback,clawback_pending,debt,repay,adjust" doc:"Why it was made." example:"earn"`
	Points     int64       `json:"points" doc:"How many points moved. Always positive." example:"40"`
	From       string      `json:"from" doc:"The account that they left." example:"program"`
	To         string      `json:"to" doc:"The account that they came to." example:"available"`
	Source     entrySource `json:"source" doc:"What it came of."`
	Reason     string      `json:"reason,omitempty" doc:"What a person wrote, of an adjustment." example:"Sorry for the delay"`
	OccurredAt time.Time   `json:"occurred_at" doc:"When what it came of happened." example:"2026-11-21T10:02:00Z"`
	RecordedAt time.Time   `json:"recorded_at" doc:"When it was written." example:"2026-11-21T10:02:00Z"`
}

type entrySource struct {
	Type string `json:"type" doc:"What kind of thing." example:"order"`
	ID   string `json:"id" doc:"Which one: the order_id of an order or refund." example:"o-1"`
	Line string `json:"line,omitempty" doc:"Which part of it: the refund_ref of a refund." example:"r-1"`
}

func listEntries(a *api.API, d Deps) {
	api.Register(a, api.Operation{
		ID: "list-entries", Method: http.MethodGet, Path: "/v1/members/{customer}/entries", Tag: "Members",
		Summary:     "Read a member's ledger",
		Description: "Every movement of points, newest first. Entries are never changed or deleted; corrections are entries of their own.",
		Allow:       api.Allow(api.Secret, api.Customer), Scope: "members:read",
	}, func(ctx context.Context, in *listEntriesInput) (*api.Reply[entryPage], error) {
		c := api.CallerFrom(ctx)
		if err := mayRead(c, in.Customer); err != nil {
			return nil, err
		}
		var before int64
		if in.Cursor != "" {
			before, _ = strconv.ParseInt(in.Cursor, 10, 64) // the pattern lets nothing else through
		}
		list, err := d.Checkout.Entries(ctx, c.Store, in.Customer, before, in.Limit+1)
		if err != nil {
			return nil, err
		}
		if len(list) == 0 && before == 0 && c.Kind != api.Customer {
			return nil, errNoMember
		}
		page := entryPage{Data: []entryView{}}
		for i, e := range list {
			if i == in.Limit {
				next := strconv.FormatInt(page.Data[i-1].Seq, 10)
				page.NextCursor = &next
				break
			}
			page.Data = append(page.Data, entryOf(e))
		}
		return api.OK(page)
	})
}

func entryOf(e loyalty.Entry) entryView {
	return entryView{ID: e.ID, Seq: e.Seq, Kind: string(e.Kind), Points: e.Points, From: string(e.From), To: string(e.To),
		Source: entrySource{Type: e.Source.Type, ID: e.Source.ID, Line: e.Source.Line}, Reason: e.Reason, OccurredAt: e.OccurredAt, RecordedAt: e.RecordedAt}
}
