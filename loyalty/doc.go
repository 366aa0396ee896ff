// Package loyalty keeps the books of points: members, lots, tiers, and a ledger of entries that are never changed.
//
// There is one way in: Apply, a pure function from a member's state and a command to the next state and the entries
// that lead there. It settles what time has made due first. Reads call Settle on a copy and save nothing.
package loyalty
