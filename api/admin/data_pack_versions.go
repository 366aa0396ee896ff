package admin

import (
	"context"
	"net/http"
	"strings"

	"github.com/laurel-gateway/laurel/api"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/verify"
	"github.com/laurel-gateway/laurel/verify/datapack"
)

// maxVersions bounds the versions of a pack that its history shows.
const maxVersions = 1000

// listedChanges bounds the domains that a comparison lists.
const listedChanges = 100

type packList struct {
	ItemPath
	Paging
}

type packDomains struct {
	ItemPath
	Paging
	Purpose string `query:"purpose" enum:"eligible,abused,stopped" doc:"Only domains that are listed for this." example:"eligible"`
	Text    string `query:"q" maxLength:"100" doc:"Only domains and organisations with this text in them." example:"mit"`
}

type packComparison struct {
	ItemPath
	Version int `path:"version" minimum:"1" doc:"The version." example:"2"`
	From    int `query:"from" minimum:"0" doc:"The version to compare with; the one before it when left out." example:"1"`
}

type adminPackComparison struct {
	Version    adminPackVersion    `json:"version" doc:"The version."`
	From       int                 `json:"from" doc:"The version that it is compared with; 0 for nothing at all." example:"1"`
	Difference adminPackDifference `json:"difference" doc:"What is in it and not in the other one, and the other way round."`
}

type packRollBack struct {
	ItemPath
	Body struct {
		To       int    `json:"to" minimum:"1" doc:"The version whose content comes back, as a new version." example:"1"`
		Version  int    `json:"version" minimum:"1" doc:"The newest version." example:"2"`
		Affected string `json:"affected,omitempty" enum:"keep,end" doc:"What becomes of affected attestations; needed when there are any." example:"keep"`
	}
}

type packPin struct {
	ItemPath
	Body struct {
		Version  int    `json:"version" minimum:"0" doc:"The version that the store stays at; 0 takes the pin away, and the newest version comes into force." example:"1"`
		Affected string `json:"affected,omitempty" enum:"keep,end" doc:"What becomes of affected attestations; needed when there are any." example:"keep"`
	}
}

func (o *admin) registerPackVersions(path string) {
	refusals := []fault.Code{fault.Conflict, fault.VersionConflict}
	add(o, api.Operation{
		ID: "admin-list-data-pack-versions", Method: http.MethodGet, Path: path + "/versions", Summary: "List versions of a data pack",
		Description: "Who made them, when, from what, and what they changed; newest first.",
	}, func(ctx context.Context, in *packList) (*api.Reply[listed[adminPackVersion]], error) {
		versions, err := o.Verify.PackVersions(ctx, ref(ctx), in.ID, 0, maxVersions)
		if err != nil {
			return nil, err
		}
		return replied(sliced(in.Paging, versions, packVersionOf, versionCursor))
	})
	add(o, api.Operation{
		ID: "admin-compare-data-pack", Method: http.MethodGet, Path: path + "/versions/{version}", Summary: "Compare versions of a data pack",
		Description: "One version, and what it has that another one has not.",
	}, o.comparePack)
	add(o, api.Operation{
		ID: "admin-list-data-pack-domains", Method: http.MethodGet, Path: path + "/domains", Summary: "List the domains of a data pack",
		Description: "Those of the version in force, with the names of their organisations.",
	}, o.listPackDomains)
	add(o, api.Operation{
		ID: "admin-roll-back-data-pack", Method: http.MethodPost, Path: path + "/roll-back", Mutation: true, Summary: "Roll a data pack back",
		Description: "Writes a new version with the content of an older one.", Refusals: refusals,
	}, func(ctx context.Context, in *packRollBack) (*api.Reply[adminPackEffect], error) {
		return api.Mutate(ctx, func(ctx context.Context) (verify.PackEffect, error) {
			return o.Verify.RollBackPack(ctx, ref(ctx), by(ctx), in.ID, in.Body.To, in.Body.Version, verify.Affected(in.Body.Affected))
		}, func(e verify.PackEffect) (int, adminPackEffect) { return http.StatusOK, packEffectOf(in.ID, e) })
	})
	add(o, api.Operation{
		ID: "admin-pin-data-pack", Method: http.MethodPut, Path: path + "/pin", Mutation: true, Summary: "Pin a data pack",
		Description: "Keeps the store at one version, of its own packs or the gateway's: newer ones wait until the pin moves to them.", Refusals: refusals,
	}, func(ctx context.Context, in *packPin) (*api.Reply[adminPackEffect], error) {
		return api.Mutate(ctx, func(ctx context.Context) (verify.PackEffect, error) {
			return o.Verify.PinPack(ctx, ref(ctx), by(ctx), in.ID, in.Body.Version, verify.Affected(in.Body.Affected))
		}, func(e verify.PackEffect) (int, adminPackEffect) { return http.StatusOK, packEffectOf(in.ID, e) })
	})
}

func (o *admin) comparePack(ctx context.Context, in *packComparison) (*api.Reply[adminPackComparison], error) {
	from := in.From
	if from == 0 {
		before, err := o.Verify.PackVersions(ctx, ref(ctx), in.ID, in.Version, 1)
		if err != nil {
			return nil, err
		}
		if len(before) > 0 {
			from = before[0].Version
		}
	}
	version, change, err := o.Verify.ComparePack(ctx, ref(ctx), in.ID, from, in.Version, listedChanges)
	if err != nil {
		return nil, err
	}
	return api.OK(adminPackComparison{packVersionOf(version), from, differenceOf(change)})
}

func (o *admin) listPackDomains(ctx context.Context, in *packDomains) (*api.Reply[listed[adminPackEntry]], error) {
	_, content, err := o.Verify.Pack(ctx, ref(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	text := strings.ToLower(in.Text)
	var found []datapack.Entry
	for _, purpose := range content.Held() {
		if in.Purpose != "" && in.Purpose != string(purpose) {
			continue
		}
		for domain, name := range content.All(purpose) {
			if strings.Contains(domain, text) || strings.Contains(strings.ToLower(name), text) {
				found = append(found, datapack.Entry{Purpose: purpose, Domain: domain, Name: name})
			}
		}
	}
	return replied(sliced(in.Paging, found, func(e datapack.Entry) adminPackEntry { return adminPackEntry{string(e.Purpose), e.Domain, e.Name} },
		func(e datapack.Entry) string { return string(e.Purpose) + "/" + e.Domain }))
}
