// Package checkout holds the use cases that cross domains: issue a token, hold, redeem and credit, refund and claw back,
// record an order, adjust points.
//
// They are commands. A command names what it must know, then what it must lock, then decides in memory; a batch of them
// is one transaction (Batch), which the committer runs. Nothing here knows SQL: the port Tx reads facts, locks and loads,
// and saves.
package checkout
