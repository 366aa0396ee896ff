package offers

import (
	"slices"
	"time"
)

// sweep gives back what lapsed holds took. It runs under the counter's lock, before anything is decided.
// It returns the reservations whose holds ended.
func (c *Counter) sweep(now time.Time) []string {
	var ended []string
	for rsv, until := range c.Holds {
		if !now.Before(until) {
			ended = append(ended, rsv)
		}
	}
	slices.Sort(ended)
	for _, rsv := range ended {
		delete(c.Holds, rsv)
		c.Held--
	}
	return ended
}

// room tells whether one more use fits under limit.
func (c *Counter) room(limit int64) bool { return limit <= 0 || c.Used+c.Held < limit }

// Room refuses an offer whose limits leave no room for one more use. What the token's own reservation holds is free to
// it, since a new hold of the same token takes the old one's place.
func (b *Book) Room(o Offer, tags []string, customer string, t *Token) error {
	keys, err := CountersOf(o, tags, customer)
	if err != nil {
		return err
	}
	own := map[CounterKey]int64{}
	if r := b.Reservations[t.Holder]; t.State == TokenHeld && r != nil && r.State == Held && !r.Lapsed(b.Now) {
		for _, u := range r.Pinned.Uses {
			for _, k := range u.Counters {
				own[k]++
			}
		}
	}
	for _, k := range keys {
		if c := b.Counters[k]; c != nil && c.Used+c.Held-own[k] >= o.limitFor(k.Scope) {
			return ErrLimit
		}
	}
	return nil
}
