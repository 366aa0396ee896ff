package offers

import "slices"

// Left tells how many more uses an offer's limits allow whoever has these tags and this customer reference, now, and
// whether any limit counts uses at all. A budget counts money and is left out. Faults: offer_not_applicable when a limit
// counts by customer and there is none.
func (b *Book) Left(o Offer, tags []string, customer string) (left int64, limited bool, err error) {
	keys, err := CountersOf(o, tags, customer, b.Now, b.Zone)
	if err != nil {
		return 0, false, err
	}
	for _, k := range keys {
		limit := o.limitFor(k)
		if k.Scope == ScopeBudget || limit <= 0 {
			continue
		}
		free := limit
		if c := b.Counters[k]; c != nil {
			free = max(0, limit-c.Used-c.Held)
		}
		if !limited || free < left {
			left, limited = free, true
		}
	}
	return left, limited, nil
}

// Spent tells whether the offer's budget is used up. What is left of one that is not may still not cover an order.
func (b *Book) Spent(o Offer) bool {
	if o.Limits.Budget == nil {
		return false
	}
	c := b.Counters[CounterKey{OfferID: o.ID, Scope: ScopeBudget}]
	return c != nil && c.Used+c.Held >= o.Limits.Budget.Amount
}

// PerShopper tells whether a limit of the offer counts by person or by customer.
func (o *Offer) PerShopper() bool {
	return o.Limits.PerPerson > 0 || o.Limits.PerCustomer > 0 ||
		slices.ContainsFunc(o.Limits.Periods, func(p PeriodLimit) bool { return p.By != ScopeTotal })
}
