// Package webhook tells a store's own servers what happened: endpoints, their secrets, and the signed request itself
// (Standard Webhooks, https://www.standardwebhooks.com).
package webhook
