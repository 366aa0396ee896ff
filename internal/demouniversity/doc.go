// Package demouniversity is a small OpenID provider for demonstrations and tests: the sign-in of a university that does
// not exist, where the visitor chooses who to be. It knows one client, keeps everything in memory, and is never part
// of a production gateway.
package demouniversity
