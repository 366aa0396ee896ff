package admin

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"github.com/laurel-gateway/laurel/api"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/verify"
	"github.com/laurel-gateway/laurel/verify/datapack"
)

type adminDataPack struct {
	ID      string   `json:"id" doc:"The pack's name: policies name one with eligible domains as email:{id}." example:"districts"`
	Version int      `json:"version" doc:"The newest version: send it with the next change." example:"1"`
	Name    string   `json:"name" doc:"The same as id." example:"districts"`
	Scope   string   `json:"scope" enum:"store,gateway" doc:"store: the store's own. gateway: an operator's, which every store can use and pin, and none can change." example:"store"`
	Purpose string   `json:"purpose" enum:"eligible,abused,stopped,mixed" doc:"eligible: addresses there prove. abused and stopped: they never do. mixed: the pack has several parts." example:"eligible"`
	InForce int      `json:"in_force" doc:"The version that the store's verifiers use." example:"1"`
	Pinned  bool     `json:"pinned" doc:"Whether newer versions wait until they are accepted." example:"false"`
	Count   int      `json:"count" doc:"How many domains the version in force has." example:"120"`
	Digest  string   `json:"digest" doc:"Digest of the domains in force, which verifications keep." example:"sha256:…"`
	Domains []string `json:"domains,omitempty" doc:"The domains, sorted; only when one pack is read that came as a plain list. List the domains of others."`
	// Newest is the newest version, which waits when the store is pinned to an older one.
	Newest adminPackVersion `json:"newest" doc:"The newest version. Pinned, it waits to be accepted."`
}

type adminPackParts struct {
	Eligible int `json:"eligible" doc:"Domains that prove." example:"120"`
	Abused   int `json:"abused" doc:"Domains whose addresses are sold or given away." example:"0"`
	Stopped  int `json:"stopped" doc:"Domains that are not for members." example:"0"`
}

type adminPackVersion struct {
	Version      int            `json:"version" doc:"Counts the changes." example:"1"`
	Digest       string         `json:"digest" doc:"Digest of the domains." example:"sha256:…"`
	Format       string         `json:"format" enum:"plain,swot,universities" doc:"How it came." example:"plain"`
	Source       string         `json:"source" doc:"Where it is from, for people." example:"districts-2026.txt"`
	Purpose      string         `json:"purpose" enum:"eligible,abused,stopped,mixed" doc:"What it is for." example:"eligible"`
	Parts        adminPackParts `json:"parts" doc:"How many domains each part has."`
	Count        int            `json:"count" doc:"How many domains in all." example:"120"`
	DomainsIn    int            `json:"domains_in" doc:"How many domains it brought." example:"12"`
	DomainsOut   int            `json:"domains_out" doc:"How many domains it took." example:"3"`
	RolledBackTo int            `json:"rolled_back_to,omitempty" doc:"The version whose content it has again." example:"1"`
	Affected     string         `json:"affected,omitempty" enum:"keep,end" doc:"What was chosen for the attestations that it affected." example:"keep"`
	Attestations int            `json:"attestations_affected" doc:"How many attestations it affected." example:"41"`
	By           string         `json:"by" doc:"Who made it." example:"usr_01920000-0000-7000-8000-000000000001"`
	CreatedAt    string         `json:"created_at" format:"date-time" doc:"When." example:"2026-10-31T12:00:00Z"`
}

func packVersionOf(v verify.PackVersion) adminPackVersion {
	return adminPackVersion{Version: v.Version, Digest: v.Digest, Format: string(v.Format), Source: v.Source, Purpose: v.Purpose(),
		Parts: adminPackParts{v.Eligible, v.Abused, v.Stopped}, Count: v.Count(), DomainsIn: v.In, DomainsOut: v.Out, RolledBackTo: v.RolledBackTo,
		Affected: string(v.Affected), Attestations: v.Attestations, By: v.By, CreatedAt: v.CreatedAt.Format("2006-01-02T15:04:05.999999Z07:00")}
}

func dataPackOf(p verify.Pack) adminDataPack {
	out := adminDataPack{ID: p.Name, Version: p.Newest.Version, Name: p.Name, Scope: "store", Purpose: p.InForce.Purpose(), InForce: p.InForce.Version,
		Pinned: p.Pinned, Count: p.InForce.Count(), Digest: p.InForce.Digest, Newest: packVersionOf(p.Newest)}
	if p.Gateway() {
		out.Scope = "gateway"
	}
	return out
}

type adminPackEntry struct {
	Purpose      string `json:"purpose" enum:"eligible,abused,stopped" doc:"What the domain is listed for." example:"eligible"`
	Domain       string `json:"domain" doc:"The domain, in punycode." example:"mit.edu"`
	Organisation string `json:"organisation,omitempty" doc:"What the organisation is called, where the source says it." example:"Massachusetts Institute of Technology"`
}

func entriesOf(list []datapack.Entry) []adminPackEntry {
	out := make([]adminPackEntry, len(list))
	for i, e := range list {
		out[i] = adminPackEntry{string(e.Purpose), e.Domain, e.Name}
	}
	return out
}

type adminPackDifference struct {
	DomainsIn  int              `json:"domains_in" doc:"How many domains come." example:"12"`
	DomainsOut int              `json:"domains_out" doc:"How many domains go." example:"3"`
	PartsIn    adminPackParts   `json:"parts_in" doc:"How many come, by part."`
	PartsOut   adminPackParts   `json:"parts_out" doc:"How many go, by part."`
	Entered    []adminPackEntry `json:"entered" doc:"The first 100 that come."`
	Left       []adminPackEntry `json:"left" doc:"The first 100 that go."`
}

func differenceOf(c datapack.Change) adminPackDifference {
	parts := func(m map[datapack.Purpose]int) adminPackParts {
		return adminPackParts{m[datapack.Eligible], m[datapack.Abused], m[datapack.Stopped]}
	}
	return adminPackDifference{DomainsIn: datapack.Total(c.In), DomainsOut: datapack.Total(c.Out), PartsIn: parts(c.In), PartsOut: parts(c.Out),
		Entered: entriesOf(c.Entered), Left: entriesOf(c.Left)}
}

type adminAffectedDomain struct {
	Requirement  string `json:"requirement" doc:"The requirement that the mailboxes met." example:"email"`
	Domain       string `json:"domain" doc:"The mailboxes' domain." example:"csail.mit.edu"`
	Attestations int    `json:"attestations" doc:"How many active attestations rest on it." example:"41"`
}

type adminPackEffect struct {
	Name         string                `json:"name" doc:"The pack." example:"districts"`
	Version      adminPackVersion      `json:"version" doc:"The version that comes, or came."`
	Difference   adminPackDifference   `json:"difference" doc:"What is in it and was not, and the other way round."`
	Attestations int                   `json:"attestations_affected" doc:"Active attestations whose domain is eligible before and not after. Where there are any, affected has to say keep or end." example:"41"`
	Domains      []adminAffectedDomain `json:"affected_domains" doc:"Their domains with the most attestations, at most 100."`
}

func packEffectOf(name string, e verify.PackEffect) adminPackEffect {
	out := adminPackEffect{Name: name, Version: packVersionOf(e.Version), Difference: differenceOf(e.Change), Attestations: e.Attestations,
		Domains: make([]adminAffectedDomain, len(e.Domains))}
	for i, d := range e.Domains {
		out.Domains[i] = adminAffectedDomain{string(d.Requirement), d.Domain, d.Attestations}
	}
	return out
}

// AdminDomains is the content of a data pack as an admin sends it.
type AdminDomains struct {
	Purpose  string   `json:"purpose,omitempty" enum:"eligible,abused,stopped" doc:"What a plain list is for; other formats say it themselves." example:"eligible"`
	Format   string   `json:"format,omitempty" enum:"plain,swot,universities" doc:"How it comes; recognised when left out." example:"plain"`
	Domains  []string `json:"domains,omitempty" maxItems:"100000" doc:"The domains; or send text, or archive."`
	Text     string   `json:"text,omitempty" maxLength:"8000000" doc:"A plain list, one domain a line, # begins a comment; or the JSON of university-domains-list."`
	Archive  []byte   `json:"archive,omitempty" doc:"A tar or tar.gz of swot's folders, or of one list, in base64; at most 8 MB."`
	Source   string   `json:"source,omitempty" maxLength:"500" doc:"Where it is from: a file's name, a commit." example:"districts-2026.txt"`
	Expect   string   `json:"expect_digest,omitempty" maxLength:"80" doc:"Refuse any other content." example:"sha256:…"`
	Affected string   `json:"affected,omitempty" enum:"keep,end" doc:"What becomes of affected attestations: keep lets them lapse, end ends them and revokes their tokens. Needed when there are any." example:"keep"`
}

func (d AdminDomains) input(name string, version int) verify.PackInput {
	data := d.Archive
	if len(data) == 0 {
		data = []byte(d.Text)
	}
	if len(d.Domains) > 0 {
		data = []byte(strings.Join(append(append([]string{}, d.Domains...), d.Text), "\n"))
	}
	return verify.PackInput{Name: name, Data: data, Format: verify.PackFormat(d.Format), Purpose: verify.Purpose(d.Purpose), Source: d.Source, Digest: d.Expect,
		Version: version, Affected: verify.Affected(d.Affected)}
}

// maxPackBody bounds a request with a data pack, in bytes.
const maxPackBody = 12 << 20

type dataPackInput struct {
	StorePath
	Body struct {
		Name string `json:"name" minLength:"1" maxLength:"63" doc:"Name of the pack: lower case, digits, dashes." example:"districts"`
		AdminDomains
	}
}

type dataPackChange struct {
	ItemPath
	Body struct {
		Version int    `json:"version" minimum:"1" doc:"The newest version, which the change was made from." example:"1"`
		Name    string `json:"name,omitempty" maxLength:"63" doc:"The pack's name, which does not change." example:"districts"`
		AdminDomains
	}
}

type dataPackPreview struct {
	StorePath
	Body struct {
		Name       string `json:"name" minLength:"1" maxLength:"63" doc:"The pack, which need not be there yet." example:"districts"`
		Version    int    `json:"version,omitempty" minimum:"0" doc:"The newest version; nothing for a new pack." example:"1"`
		RollBackTo int    `json:"roll_back_to,omitempty" minimum:"1" doc:"Instead of content: the effect of rolling back to this version." example:"1"`
		Pin        *int   `json:"pin,omitempty" minimum:"0" doc:"Instead of content: the effect of pinning this version, or of no pin with 0." example:"1"`
		AdminDomains
	}
}

func (o *admin) registerDataPacks() {
	const path = "/v1/admin/stores/{store_id}/data-packs"
	refusals := []fault.Code{fault.VersionConflict, fault.Conflict, fault.NameTaken}
	add(o, api.Operation{
		ID: "admin-list-data-packs", Method: http.MethodGet, Path: path, Summary: "List data packs",
		Description: "Lists of mail domains that the store can use: its own, then the gateway's.",
	}, func(ctx context.Context, in *ListPath) (*api.Reply[listed[adminDataPack]], error) {
		packs, err := o.Verify.Packs(ctx, ref(ctx))
		if err != nil {
			return nil, err
		}
		return replied(sliced(in.Paging, packs, dataPackOf, func(p verify.Pack) string { return p.Store + "/" + p.Name }))
	})
	add(o, api.Operation{
		ID: "admin-create-data-pack", Method: http.MethodPost, Path: path, Status: http.StatusCreated, Mutation: true, MaxBody: maxPackBody,
		Summary: "Create a data pack", Description: "Adds a list of mail domains: of school districts, hospitals, or companies.", RequestExample: dataPackExample(), Refusals: refusals,
	}, func(ctx context.Context, in *dataPackInput) (*api.Reply[adminDataPack], error) {
		return o.saveDataPack(ctx, in.Body.input(in.Body.Name, 0), http.StatusCreated)
	})
	add(o, api.Operation{
		ID: "admin-preview-data-pack", Method: http.MethodPost, Path: path + "/preview", MaxBody: maxPackBody, RequestExample: dataPackExample(), Refusals: refusals,
		Summary: "Preview a change of a data pack", Description: "What saving the content, rolling back, or pinning would do: domains in and out, attestations affected. Nothing is changed.",
	}, o.previewDataPack)
	add(o, api.Operation{
		ID: "admin-get-data-pack", Method: http.MethodGet, Path: path + "/{id}", Summary: "Read a data pack", Description: "The pack; with its domains when it came as a plain list.",
	}, o.getDataPack)
	add(o, api.Operation{
		ID: "admin-update-data-pack", Method: http.MethodPut, Path: path + "/{id}", Mutation: true, MaxBody: maxPackBody,
		Summary: "Change a data pack", Description: "Writes a new version, in force at once unless the store is pinned.", RequestExample: dataPackChangeExample(), Refusals: refusals,
	}, func(ctx context.Context, in *dataPackChange) (*api.Reply[adminDataPack], error) {
		if in.Body.Name != "" && in.Body.Name != in.ID {
			return nil, fault.New(fault.Invalid, "A pack keeps its name: policies know it by that.").At("#/name", "must be the name in the path")
		}
		return o.saveDataPack(ctx, in.Body.input(in.ID, in.Body.Version), http.StatusOK)
	})
	add(o, api.Operation{
		ID: "admin-delete-data-pack", Method: http.MethodDelete, Path: path + "/{id}", Status: http.StatusNoContent, Mutation: true,
		Summary: "Delete a data pack", Description: "With its history. Refused while a policy or a verifier needs it.", Refusals: []fault.Code{fault.Conflict},
	}, func(ctx context.Context, in *ItemPath) (*api.Reply[api.Nothing], error) {
		return api.Mutate(ctx, finish(func(ctx context.Context) error { return o.Verify.DeletePack(ctx, ref(ctx), by(ctx), in.ID) }), done)
	})
	o.registerPackVersions(path + "/{id}")
}

func (o *admin) previewDataPack(ctx context.Context, in *dataPackPreview) (*api.Reply[adminPackEffect], error) {
	var e verify.PackEffect
	var err error
	switch b := in.Body; {
	case b.Pin != nil:
		e, err = o.Verify.PreviewPin(ctx, ref(ctx), b.Name, *b.Pin)
	case b.RollBackTo > 0:
		e, err = o.Verify.PreviewRollBack(ctx, ref(ctx), b.Name, b.RollBackTo, b.Version)
	default:
		e, err = o.Verify.PreviewPack(ctx, ref(ctx), b.input(b.Name, b.Version))
	}
	if err != nil {
		return nil, err
	}
	return api.OK(packEffectOf(in.Body.Name, e))
}

func (o *admin) getDataPack(ctx context.Context, in *ItemPath) (*api.Reply[adminDataPack], error) {
	pack, content, err := o.Verify.Pack(ctx, ref(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	out := dataPackOf(pack)
	if pack.InForce.Format == datapack.Plain {
		out.Domains = []string{}
		for _, purpose := range content.Held() {
			for domain := range content.All(purpose) {
				out.Domains = append(out.Domains, domain)
			}
		}
	}
	return api.OK(out)
}

// saveDataPack answers with the pack as the change left it, which the transaction alone knows.
func (o *admin) saveDataPack(ctx context.Context, in verify.PackInput, status int) (*api.Reply[adminDataPack], error) {
	return api.Mutate(ctx, func(ctx context.Context) (verify.PackEffect, error) {
		return o.Verify.SavePack(ctx, ref(ctx), by(ctx), in)
	}, func(e verify.PackEffect) (int, adminDataPack) { return status, dataPackOf(e.Pack(in.Name)) })
}

func versionCursor(v verify.PackVersion) string { return strconv.Itoa(v.Version) }
