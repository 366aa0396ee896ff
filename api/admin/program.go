package admin

import (
	"context"
	"net/http"
	"time"

	"github.com/laurel-gateway/laurel/api"
	"github.com/laurel-gateway/laurel/internal/console"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/loyalty"
)

// AdminEarnRule says what purchases earn in a currency.
type AdminEarnRule struct {
	Currency  string `json:"currency" pattern:"^[A-Z]{3}$" doc:"ISO 4217 code." example:"USD"`
	Points    int64  `json:"points" minimum:"1" doc:"Points for every full per_amount." example:"1"`
	PerAmount int64  `json:"per_amount" minimum:"1" doc:"Minor units of currency." example:"100"`
}

// AdminWindow is the time whose points count for a tier.
type AdminWindow struct {
	Type string `json:"type" enum:"rolling,calendar,lifetime" doc:"Kind of window." example:"rolling"`
	Days int64  `json:"days,omitempty" minimum:"0" maximum:"3660" doc:"Length of a rolling window." example:"365"`
}

// AdminTier is a level that members reach.
type AdminTier struct {
	ID        string `json:"id" minLength:"1" maxLength:"60" doc:"Name in events and lists." example:"silver"`
	Name      string `json:"name" minLength:"1" maxLength:"100" doc:"What members read." example:"Silver"`
	Threshold int64  `json:"threshold" minimum:"0" doc:"Qualifying points to reach it; 0 for the first." example:"0"`
}

// AdminProgramFields is what of a program an admin sets.
type AdminProgramFields struct {
	Name             string          `json:"name" minLength:"1" maxLength:"200" doc:"Name." example:"Rewards"`
	Earn             []AdminEarnRule `json:"earn" maxItems:"50" doc:"What purchases earn, one rule a currency."`
	PendingDays      int64           `json:"pending_days,omitempty" minimum:"0" doc:"How long points wait before they can be spent." example:"14"`
	ExpiresAfterDays int64           `json:"expires_after_days,omitempty" minimum:"0" doc:"How long active points can be spent; 0 for ever." example:"365"`
	Window           AdminWindow     `json:"window" doc:"The time whose points count for a tier."`
	Tiers            []AdminTier     `json:"tiers" minItems:"1" maxItems:"20" doc:"Levels by rising threshold."`
}

func (f AdminProgramFields) program() loyalty.Program {
	p := loyalty.Program{Name: f.Name, PendingDays: f.PendingDays, ExpiresAfterDays: f.ExpiresAfterDays,
		Window: loyalty.Window{Type: loyalty.WindowType(f.Window.Type), Days: f.Window.Days}, Earn: []loyalty.EarnRule{}}
	for _, e := range f.Earn {
		p.Earn = append(p.Earn, loyalty.EarnRule(e))
	}
	for _, t := range f.Tiers {
		p.Tiers = append(p.Tiers, loyalty.Tier(t))
	}
	return p
}

type adminProgram struct {
	Version   int64     `json:"version" doc:"Counts the changes: send it with the next one." example:"1"`
	UpdatedAt time.Time `json:"updated_at" doc:"Birth of this version."`
	AdminProgramFields
}

func programOf(r console.ProgramRecord) adminProgram {
	out := adminProgram{Version: r.Version, UpdatedAt: r.UpdatedAt, AdminProgramFields: AdminProgramFields{Name: r.Name, PendingDays: r.PendingDays,
		ExpiresAfterDays: r.ExpiresAfterDays, Window: AdminWindow{Type: string(r.Window.Type), Days: r.Window.Days},
		Earn: []AdminEarnRule{}, Tiers: []AdminTier{}}}
	for _, e := range r.Earn {
		out.Earn = append(out.Earn, AdminEarnRule(e))
	}
	for _, t := range r.Tiers {
		out.Tiers = append(out.Tiers, AdminTier(t))
	}
	return out
}

type programInput struct {
	StorePath
	Body struct {
		Version int64 `json:"version,omitempty" minimum:"0" doc:"The version that the change was made from; 0 or nothing when there was none." example:"1"`
		AdminProgramFields
	}
}

func (o *admin) registerProgram() {
	const path = "/v1/admin/stores/{store_id}/program"
	add(o, api.Operation{
		ID: "admin-get-program", Method: http.MethodGet, Path: path, Summary: "Read the loyalty program", Description: "The current version.",
		Refusals: []fault.Code{fault.ProgramMissing},
	}, func(ctx context.Context, _ *StorePath) (*api.Reply[adminProgram], error) {
		r, err := o.Console.Program(ctx, storeID(ctx))
		if err != nil {
			return nil, err
		}
		return api.OK(programOf(r))
	})
	add(o, api.Operation{
		ID: "admin-update-program", Method: http.MethodPut, Path: path, Mutation: true, Summary: "Save the loyalty program",
		Description: "Writes the next version. Points that were given stay as they were given.", Refusals: []fault.Code{fault.VersionConflict},
	}, func(ctx context.Context, in *programInput) (*api.Reply[adminProgram], error) {
		return api.Mutate(ctx, func(ctx context.Context) (*console.ProgramRecord, error) {
			return o.Console.SaveProgram(ctx, origin(ctx), storeID(ctx), in.Body.Version, in.Body.program())
		}, func(r *console.ProgramRecord) (int, adminProgram) { return http.StatusOK, programOf(*r) })
	})
}
