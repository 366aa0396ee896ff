// Package admin holds the operations of the console, under /v1/admin: sign-in, stores, and what each store's people
// configure and look at. Who may do what stands in one table, in roles.go.
package admin
