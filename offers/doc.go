// Package offers decides what a shopper pays: it prices a cart, holds and uses offers, gives uses back, and splits money
// exactly. It holds pure functions from loaded state and a request to new state; it reads and writes nothing itself.
package offers
