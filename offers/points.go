package offers

import "slices"

// MaxPoints is the most that one purchase earns, whatever its offers.
const MaxPoints int64 = 1_000_000_000_000

// PointsEffect is what an offer does to the points of a purchase.
type PointsEffect struct {
	// BasisPoints multiply what the lines earn: 20,000 doubles it. Zero multiplies nothing.
	BasisPoints int64 `json:"basis_points,omitempty"`
	// Bonus is given on top.
	Bonus int64 `json:"bonus,omitempty"`
	// LineIDs are the lines that the effect is on; empty for the whole order.
	LineIDs []string `json:"line_ids,omitempty"`
}

// PointsFor returns what each line of a cart earns, in the order of the cart: base, which is what the program gives for
// what was paid for the whole, shared by what was paid for each line; and what the offers applied add. Multipliers are
// not multiplied with each other: each adds its part of the base, rounded half up on the sum of its lines. A bonus is
// shared by what was paid for its lines, or by their units when they cost nothing. The points sum to base and what was
// added exactly, and to at most MaxPoints.
func PointsFor(cart Cart, applied []Applied, base int64) []int64 {
	net := NetLines(cart, applied)
	room := MaxPoints
	earned := share(min(base, room), net, cart, nil)
	points := slices.Clone(earned)
	room -= sum(earned)
	var index map[string]int
	for i := range applied {
		e := applied[i].Points
		if e == nil {
			continue
		}
		var in []bool // nil for every line
		if len(e.LineIDs) > 0 {
			if index == nil {
				index = lineIndex(cart)
			}
			in = make([]bool, len(cart.Lines))
			for _, id := range e.LineIDs {
				in[index[id]] = true
			}
		}
		if e.BasisPoints > 10_000 {
			weights := only(earned, in)
			room = add(points, Split(min(room, mulDiv(sum(weights), e.BasisPoints-10_000, 10_000, 5_000)), weights), room)
		}
		room = add(points, share(min(room, e.Bonus), net, cart, in), room)
	}
	return points
}

// share splits points among the lines that are in by what was paid for them, or by their units when they cost nothing.
func share(points int64, net []int64, cart Cart, in []bool) []int64 {
	weights := only(net, in)
	if sum(weights) == 0 {
		weights = slices.Clone(weights)
		for i := range cart.Lines {
			if in == nil || in[i] {
				weights[i] = cart.Lines[i].Quantity
			}
		}
	}
	return Split(points, weights)
}

// only returns values with those that are not in as zero. Without a choice, all are in.
func only(values []int64, in []bool) []int64 {
	if in == nil {
		return values
	}
	out := make([]int64, len(values))
	for i, v := range values {
		if in[i] {
			out[i] = v
		}
	}
	return out
}

// add adds shares to points and returns the room that they leave.
func add(points, shares []int64, room int64) int64 {
	for i, s := range shares {
		points[i] += s
		room -= s
	}
	return room
}

func sum(values []int64) int64 {
	var n int64
	for _, v := range values {
		n += v
	}
	return n
}
