package offers

import (
	"errors"
	"slices"
	"time"

	"github.com/laurel-gateway/laurel/offers/rule"
)

// errNotPrepared is told in the trace of an offer that nobody prepared.
var errNotPrepared = errors.New("the rule was not compiled")

// ready is what an offer needs beside its text: its time zone, and its compiled rule.
type ready struct {
	zone *time.Location
	rule *rule.Program // nil for none
}

// Prepare opens the offer's time zone and compiles its rule, once, where a version is read. Evaluate refuses an offer
// whose rule was not compiled. Faults: invalid.
func (o *Offer) Prepare() error {
	r := &ready{zone: time.UTC}
	if o.TimeZone != "" {
		z, err := loadZone(o.TimeZone)
		if err != nil {
			return err
		}
		r.zone = z
	}
	if o.Rule != "" {
		p, err := rule.Compile(o.Rule)
		if err != nil {
			return err
		}
		r.rule = p
	}
	o.ready = r
	return nil
}

// In returns the offer with its days in its store's time zone. An offer that has a zone of its own, or no days to count,
// is returned as it is; otherwise a copy is, since versions are shared and a store may move.
func (o *Offer) In(store *time.Location) *Offer {
	dated := o.Campaign != nil || slices.ContainsFunc(o.Limits.Periods, func(p PeriodLimit) bool { return p.Calendar != "" })
	if !dated || store == nil || o.TimeZone != "" || o.ready != nil && o.ready.zone == store {
		return o
	}
	moved, r := *o, ready{}
	if o.ready != nil {
		r = *o.ready
	}
	r.zone = store
	moved.ready = &r
	return &moved
}

// Zone is where the offer's days begin: its own time zone, or its store's, as Prepare and In found them.
func (o *Offer) Zone() *time.Location {
	if o.ready != nil {
		return o.ready.zone
	}
	if z, err := loadZone(o.TimeZone); err == nil {
		return z
	}
	return time.UTC
}

// zoneOr is the offer's own time zone, or else its store's.
func (o *Offer) zoneOr(store *time.Location) *time.Location {
	if o.TimeZone == "" && store != nil {
		return store
	}
	return o.Zone()
}
