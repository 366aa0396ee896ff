package offers

import "slices"

// On is what the benefit is on, spelled out.
func (b *Benefit) On() Target {
	switch {
	case b.Type == FreeShipping:
		return OnShipping
	case b.Target != "":
		return b.Target
	case len(b.Categories)+len(b.SKUs) > 0:
		return OnLines
	default:
		return OnOrder
	}
}

// spread is how the benefit is spread, spelled out. A fixed price of chosen lines is a price of each unit, unless it says
// otherwise.
func (b *Benefit) spread() string {
	switch {
	case b.Method != "":
		return b.Method
	case b.Type == GiftLine, b.Type == FixedPrice && b.On() == OnLines:
		return Each
	default:
		return Across
	}
}

// off is what the benefit takes off a price: at least zero and at most the price.
func (b *Benefit) off(price int64) int64 {
	switch b.Type {
	case Percentage:
		return Percent(price, b.BasisPoints)
	case FixedAmount:
		return min(price, b.Amount)
	case FixedPrice:
		return max(0, price-b.Amount)
	default:
		return price
	}
}

// apply takes a candidate's benefit off what is left of the cart, or tells why there is nothing to take.
func (p *pricing) apply(c *Candidate) (Applied, string) {
	b := &c.Offer.Benefit
	a := Applied{OfferID: c.Offer.ID, OfferVersion: c.Offer.Version, JTI: c.JTI, Method: b.spread(), Allocations: []Allocation{}}
	switch {
	case b.EarnsPoints():
		return p.applyPoints(a, b)
	case b.Type == GiftLine:
		return p.applyGift(a, b.Gift), ""
	case b.On() == OnShipping:
		return p.applyShipping(a, b)
	default:
		return p.applyLines(a, b)
	}
}

func (p *pricing) applyShipping(a Applied, b *Benefit) (Applied, string) {
	if p.shipping == 0 {
		return a, ReasonNoShipping
	}
	if a.Amount = bounded(b.off(p.shipping), b.Maximum); a.Amount == 0 {
		return a, ReasonNothing
	}
	a.Allocations = []Allocation{{Target: TargetShipping, Amount: a.Amount}}
	p.shipping -= a.Amount
	return a, ""
}

func (p *pricing) applyLines(a Applied, b *Benefit) (Applied, string) {
	lines := p.choose(b)
	if len(lines) == 0 {
		return a, ReasonNoLines
	}
	var shares []int64
	if a.Method == Each {
		shares = p.eachUnit(lines, b)
	} else {
		shares = p.acrossLines(lines, b)
	}
	for _, s := range shares {
		a.Amount += s
	}
	if a.Amount == 0 {
		return a, ReasonNothing
	}
	a.Allocations = make([]Allocation, len(lines))
	for i, l := range lines {
		p.left[l] -= shares[i]
		a.Allocations[i] = Allocation{LineID: p.cart.Lines[l].LineID, Amount: shares[i]}
	}
	return a, ""
}

// choose returns the lines that a benefit is on. The result is good until the next call.
func (p *pricing) choose(b *Benefit) []int {
	p.chosen = p.chosen[:0]
	for i := range p.cart.Lines {
		if b.On() != OnLines || b.chooses(&p.cart.Lines[i]) {
			p.chosen = append(p.chosen, i)
		}
	}
	return p.chosen
}

func (b *Benefit) chooses(l *Line) bool {
	return l.SKU != "" && slices.Contains(b.SKUs, l.SKU) ||
		slices.ContainsFunc(l.Categories, func(c string) bool { return slices.Contains(b.Categories, c) })
}

// acrossLines reckons one sum on what is left of the lines together, and shares it in proportion to what is left of each.
func (p *pricing) acrossLines(lines []int, b *Benefit) []int64 {
	weights := make([]int64, len(lines))
	var base int64
	for i, l := range lines {
		weights[i] = p.left[l]
		base += p.left[l]
	}
	return Split(bounded(b.off(base), b.Maximum), weights)
}

// eachUnit reckons the discount of every unit by itself, rounded for the unit. What is left of a line seldom divides by
// its units: some then cost one minor unit more than the others. Gifts are no units any more. A maximum is shared in
// proportion to what the lines would have got.
func (p *pricing) eachUnit(lines []int, b *Benefit) []int64 {
	shares := make([]int64, len(lines))
	var sum int64
	for i, l := range lines {
		if units := p.cart.Lines[l].Quantity - p.giftsOf(l); units > 0 {
			price, dearer := p.left[l]/units, p.left[l]%units
			shares[i] = (units-dearer)*b.off(price) + dearer*b.off(price+1)
			sum += shares[i]
		}
	}
	if most := bounded(sum, b.Maximum); most < sum {
		return Split(most, shares)
	}
	return shares
}

func (p *pricing) giftsOf(line int) int64 {
	if p.gifted == nil {
		return 0
	}
	return p.gifted[line]
}

// applyGift makes units of the gift that are in the cart free, in the order of the lines, and tells how many are missing.
func (p *pricing) applyGift(a Applied, g *Gift) Applied {
	if p.gifted == nil {
		p.gifted = make([]int64, len(p.cart.Lines))
	}
	missing := g.Quantity
	for i := range p.cart.Lines {
		l := &p.cart.Lines[i]
		payable := l.Quantity - p.gifted[i]
		if l.SKU != g.SKU || missing == 0 || payable == 0 {
			continue
		}
		units := min(payable, missing)
		share := Portion(p.left[i], units, payable)
		p.left[i] -= share
		p.gifted[i] += units
		missing -= units
		a.Amount += share
		a.Allocations = append(a.Allocations, Allocation{LineID: l.LineID, Amount: share})
	}
	a.Gifts = []GivenGift{{SKU: g.SKU, Quantity: g.Quantity, Missing: missing}}
	return a
}

func (p *pricing) applyPoints(a Applied, b *Benefit) (Applied, string) {
	e := &PointsEffect{BasisPoints: b.BasisPoints, Bonus: b.Points}
	if b.On() == OnLines {
		lines := p.choose(b)
		if len(lines) == 0 {
			return a, ReasonNoLines
		}
		for _, l := range lines {
			e.LineIDs = append(e.LineIDs, p.cart.Lines[l].LineID)
		}
	}
	a.Points = e
	return a, ""
}

func bounded(amount, maximum int64) int64 {
	if maximum > 0 {
		return min(amount, maximum)
	}
	return amount
}
