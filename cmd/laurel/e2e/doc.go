// Package e2e tests Laurel from outside: the built program in processes of its own where they are killed or several are
// needed, and the wiring of cmd/laurel/gateway behind a real HTTP server everywhere else. It holds tests only.
package e2e
