// Package remote asks a verifier of the store's own, over HTTP, in whatever language it is written.
//
// The request and the answer are signed with one secret an instance (Standard Webhooks). The answer is a decision, or
// says that it comes later; then the other side posts it, signed, to the address that the request named.
package remote
