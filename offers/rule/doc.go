// Package rule is the language in which a store says when an offer applies: CEL over a cart, a customer, what they proved
// and what they are as a member, with money in whole minor units. It is pure: no clock, no network, no state.
package rule
