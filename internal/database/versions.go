package database

import (
	"fmt"
	"sync"
	"time"

	"github.com/laurel-gateway/laurel/loyalty"
	"github.com/laurel-gateway/laurel/offers"
	"github.com/maypok86/otter/v2"
)

// versions keeps parsed versions of offers and programs. A version never changes, so nothing here is ever stale.
// What it hands out is shared: nobody changes it.
type versions struct {
	offers   *otter.Cache[string, *offers.Offer]
	programs *otter.Cache[string, *loyalty.Program]
	// zones are few, and reading one opens a file.
	zones *sync.Map
}

func newVersions() versions {
	return versions{
		offers:   otter.Must(&otter.Options[string, *offers.Offer]{MaximumSize: 20_000}),
		programs: otter.Must(&otter.Options[string, *loyalty.Program]{MaximumSize: 5_000}),
		zones:    &sync.Map{},
	}
}

// zone returns a time zone by its IANA name.
func (v versions) zone(name string) (*time.Location, error) {
	if z, ok := v.zones.Load(name); ok {
		return z.(*time.Location), nil //nolint:forcetypeassert // nothing else is stored
	}
	z, err := time.LoadLocation(name)
	if err != nil {
		return nil, fmt.Errorf("time zone: %w", err)
	}
	v.zones.Store(name, z)
	return z, nil
}

func (v versions) offer(store, id string, version int64) (*offers.Offer, bool) {
	return v.offers.GetIfPresent(fmt.Sprintf("%s/%s/%d", store, id, version))
}

func (v versions) putOffer(o *offers.Offer) {
	v.offers.Set(fmt.Sprintf("%s/%s/%d", o.Store, o.ID, o.Version), o)
}

func (v versions) program(store string, version int64) (*loyalty.Program, bool) {
	return v.programs.GetIfPresent(fmt.Sprintf("%s/%d", store, version))
}

func (v versions) putProgram(p *loyalty.Program) {
	v.programs.Set(fmt.Sprintf("%s/%d", p.Store, p.Version), p)
}
