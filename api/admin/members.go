package admin

import (
	"context"
	"encoding/hex"
	"net/http"
	"strconv"
	"time"

	"github.com/laurel-gateway/laurel/api"
	"github.com/laurel-gateway/laurel/internal/checkout"
	"github.com/laurel-gateway/laurel/internal/console"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/internal/id"
	"github.com/laurel-gateway/laurel/loyalty"
)

type adminBalance struct {
	Available int64 `json:"available" doc:"Points that can be spent." example:"40"`
	Pending   int64 `json:"pending" doc:"Points that wait to become available." example:"0"`
	Debt      int64 `json:"debt" doc:"What was taken back and could not be covered; the next points repay it." example:"0"`
}

type adminMemberTier struct {
	ID   string `json:"id" doc:"The tier's id." example:"bronze"`
	Name string `json:"name" doc:"Its name." example:"Bronze"`
}

// AdminMemberFields is what every view of a member shows.
type AdminMemberFields struct {
	ID        string           `json:"id" doc:"The member's id in the ledger." example:"mem_01920000-0000-7000-8000-000000000001"`
	Customer  string           `json:"customer" doc:"The store's reference." example:"c-1"`
	Balance   adminBalance     `json:"balance" doc:"The points."`
	Tier      *adminMemberTier `json:"tier,omitempty" doc:"The tier; missing without one."`
	CreatedAt *time.Time       `json:"created_at" doc:"First booking."`
}

type adminSource struct {
	Type string `json:"type" doc:"What the points come from." example:"order"`
	ID   string `json:"id" doc:"Its id." example:"o-1"`
	Line string `json:"line,omitempty" doc:"A line of it." example:"l1"`
}

type adminLot struct {
	ID          string      `json:"id" doc:"The lot's id."`
	Source      adminSource `json:"source" doc:"What granted it."`
	Granted     int64       `json:"granted" doc:"Points granted." example:"40"`
	Remaining   int64       `json:"remaining" doc:"Points left." example:"40"`
	Pending     bool        `json:"pending" doc:"True while they wait." example:"false"`
	ActivatesAt time.Time   `json:"activates_at" doc:"When they can be spent."`
	ExpiresAt   *time.Time  `json:"expires_at" doc:"When they no longer can; null for never."`
}

type adminHead struct {
	Seq  int64  `json:"seq" doc:"Number of the last entry." example:"3"`
	Hash string `json:"hash" doc:"Its hash, hexadecimal."`
}

type adminNextTier struct {
	Name    string `json:"name" doc:"The tier above." example:"Silver"`
	Missing int64  `json:"missing" doc:"Qualifying points to it." example:"460"`
}

type adminMember struct{ AdminMemberFields }

type adminMemberDetail struct {
	AdminMemberFields
	TierSince  *time.Time     `json:"tier_since" doc:"Since when the member has the tier."`
	NextTier   *adminNextTier `json:"next_tier,omitempty" doc:"The tier above; missing at the top."`
	Qualifying int64          `json:"qualifying" doc:"Points in the window that count for the tier." example:"40"`
	Lots       []adminLot     `json:"lots" doc:"Grants with points left."`
	Head       adminHead      `json:"head" doc:"Head of the member's chain of entries."`
}

type adminEntry struct {
	ID         string      `json:"id" doc:"The entry's id."`
	Seq        int64       `json:"seq" doc:"Counts a member's entries." example:"1"`
	Kind       string      `json:"kind" doc:"Why it was made." example:"earn"`
	Points     int64       `json:"points" doc:"Points moved; always positive." example:"40"`
	From       string      `json:"from" doc:"Account that gives." example:"program"`
	To         string      `json:"to" doc:"Account that gets." example:"available"`
	Source     adminSource `json:"source" doc:"What it comes from."`
	Reason     string      `json:"reason,omitempty" doc:"Why, in words, for an adjustment." example:"goodwill"`
	Actor      string      `json:"actor,omitempty" doc:"Who made it, for an adjustment."`
	OccurredAt time.Time   `json:"occurred_at" doc:"When it happened."`
	RecordedAt time.Time   `json:"recorded_at" doc:"When it was booked."`
}

func entryOf(e loyalty.Entry) adminEntry {
	return adminEntry{ID: e.ID, Seq: e.Seq, Kind: string(e.Kind), Points: e.Points, From: string(e.From), To: string(e.To),
		Source: adminSource{e.Source.Type, e.Source.ID, e.Source.Line}, Reason: e.Reason, Actor: e.Actor,
		OccurredAt: e.OccurredAt, RecordedAt: e.RecordedAt}
}

// CustomerPath names a member.
type CustomerPath struct {
	StorePath
	Customer string `path:"customer" maxLength:"200" doc:"The store's reference to the customer." example:"c-1"`
}

type adjustInput struct {
	CustomerPath
	Body struct {
		Points    int64  `json:"points" minimum:"-1000000000" maximum:"1000000000" doc:"Points to give, or to take when negative." example:"50"`
		Reason    string `json:"reason" minLength:"1" maxLength:"500" doc:"Why; it stands in the ledger." example:"goodwill"`
		Reference string `json:"reference" minLength:"1" maxLength:"200" doc:"The adjustment's own id: it is made once." example:"ticket-4711"`
	}
}

func (o *admin) registerMembers() {
	const path = "/v1/admin/stores/{store_id}/members"
	add(o, api.Operation{
		ID: "admin-list-members", Method: http.MethodGet, Path: path, Summary: "List members", Description: "Members with points booked, by customer.",
	}, o.listMembers)
	add(o, api.Operation{
		ID: "admin-get-member", Method: http.MethodGet, Path: path + "/{customer}", Summary: "Read a member",
		Description: "Balance, tier, lots and the head of the chain, as they stand now.", Refusals: []fault.Code{fault.ProgramMissing},
	}, o.getMember)
	add(o, api.Operation{
		ID: "admin-list-entries", Method: http.MethodGet, Path: path + "/{customer}/entries", Summary: "List a member's entries", Description: "The ledger of one member, newest first.",
	}, o.listEntries)
	add(o, api.Operation{
		ID: "admin-adjust-points", Method: http.MethodPost, Path: path + "/{customer}/adjustments", Status: http.StatusCreated, Mutation: true,
		Summary: "Adjust points", Description: "Gives or takes points by hand. What cannot be covered becomes debt.",
		Refusals: []fault.Code{fault.LedgerSourceConflict, fault.ProgramMissing},
	}, o.adjust)
}

// tiers names the tiers of the store's program; none without one.
func (o *admin) tiers(ctx context.Context) (loyalty.Program, error) {
	r, err := o.Console.Program(ctx, storeID(ctx))
	if fault.CodeOf(err) == fault.ProgramMissing {
		return loyalty.Program{}, nil
	}
	return r.Program, err
}

func tierOf(p loyalty.Program, tier string) *adminMemberTier {
	if t, ok := p.Tier(tier); ok {
		return &adminMemberTier{t.ID, t.Name}
	}
	return nil
}

func (o *admin) listMembers(ctx context.Context, in *struct {
	ListPath
	Q    string `query:"q" maxLength:"200" doc:"Beginning of the customer reference." example:"c-"`
	Tier string `query:"tier" maxLength:"60" doc:"Only members in this tier." example:"silver"`
}) (*api.Reply[listed[adminMember]], error) {
	program, err := o.tiers(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := o.Lists.LoyaltyMembers(ctx, storeID(ctx), console.MemberFilter{Search: in.Q, Tier: in.Tier}, in.Cursor, in.more())
	if err != nil {
		return nil, err
	}
	return api.OK(paged(in.Paging, rows, func(m console.MemberSummary) adminMember {
		return adminMember{AdminMemberFields{ID: m.ID, Customer: m.Customer, Balance: adminBalance{m.Available, m.Pending, m.Debt},
			Tier: tierOf(program, m.TierID), CreatedAt: maybe(m.Since)}}
	}, func(m console.MemberSummary) string { return m.Customer }))
}

func (o *admin) getMember(ctx context.Context, in *CustomerPath) (*api.Reply[adminMemberDetail], error) {
	shop, m, err := o.Members.Member(ctx, storeID(ctx), in.Customer)
	if err != nil {
		return nil, err
	}
	if m == nil || m.Seq == 0 {
		return nil, console.ErrMemberNotFound
	}
	out := adminMemberDetail{AdminMemberFields: AdminMemberFields{ID: m.ID, Customer: m.Customer, Balance: adminBalance{m.Available, m.Pending, m.Debt},
		CreatedAt: maybe(m.CreatedAt)}, TierSince: maybe(m.TierSince), Lots: []adminLot{}, Head: adminHead{m.Seq, hex.EncodeToString(m.Head)}}
	lots := m.Lots
	if shop.Program != nil {
		rules := loyalty.Rules{Program: *shop.Program, Zone: shop.Store.Zone, NewID: id.New}
		settled := loyalty.Settle(*m, rules, shop.Now).Member
		standing := m.Standing(rules, shop.Now)
		out.Balance = adminBalance{standing.Available, standing.Pending, standing.Debt}
		if standing.Tier.ID != "" {
			out.Tier = &adminMemberTier{standing.Tier.ID, standing.Tier.Name}
		}
		if standing.Next != nil {
			out.NextTier = &adminNextTier{standing.Next.Name, standing.Missing}
		}
		out.Qualifying, lots = settled.Qualifying(rules, shop.Now), settled.Lots
	}
	for _, l := range lots {
		if l.Remaining > 0 {
			out.Lots = append(out.Lots, adminLot{ID: l.ID, Source: adminSource{l.SourceType, l.SourceID, l.Line}, Granted: l.Granted,
				Remaining: l.Remaining, Pending: l.Pending, ActivatesAt: l.ActivatesAt, ExpiresAt: maybe(l.ExpiresAt)})
		}
	}
	return api.OK(out)
}

func (o *admin) listEntries(ctx context.Context, in *struct {
	CustomerPath
	Paging
}) (*api.Reply[listed[adminEntry]], error) {
	before, err := number(in.Cursor)
	if err != nil {
		return nil, err
	}
	rows, err := o.Members.Entries(ctx, storeID(ctx), in.Customer, before, in.more())
	if err != nil {
		return nil, err
	}
	return api.OK(paged(in.Paging, rows, entryOf, func(e loyalty.Entry) string { return strconv.FormatInt(e.Seq, 10) }))
}

type adminAdjusted struct {
	Customer string       `json:"customer" doc:"The store's reference." example:"c-1"`
	Balance  adminBalance `json:"balance" doc:"The points after the adjustment."`
}

func (o *admin) adjust(ctx context.Context, in *adjustInput) (*api.Reply[adminAdjusted], error) {
	b := in.Body
	if b.Points == 0 {
		return nil, fault.New(fault.Invalid, "An adjustment moves points.").At("#/points", "must not be 0")
	}
	who := origin(ctx)
	entry, err := who.Entry(storeID(ctx), "member.adjusted", in.Customer, nil, map[string]any{"points": b.Points, "reason": b.Reason, "reference": b.Reference})
	if err != nil {
		return nil, err
	}
	cmd := checkout.AdjustPoints{Customer: in.Customer, Points: b.Points, Reason: b.Reason, Reference: b.Reference, Actor: who.Actor}
	return api.Mutate(ctx, func(ctx context.Context) (loyalty.Member, error) {
		return o.Ledger.AdjustPoints(ctx, storeID(ctx), cmd, entry)
	},
		func(m loyalty.Member) (int, adminAdjusted) {
			return http.StatusCreated, adminAdjusted{Customer: m.Customer, Balance: adminBalance{m.Available, m.Pending, m.Debt}}
		})
}
