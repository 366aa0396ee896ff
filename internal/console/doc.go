// Package console is the people who run stores: who they are, how they sign in, which role they have where, what they
// changed, and what they see first. It also holds the console's own ways to change offers, the program and webhooks.
//
// People are global, with a role in each store that they work for; an operator may do everything everywhere. Every
// change is written together with its audit entry, in one transaction.
package console
