// Package oidc proves what an OpenID provider asserts, and that the shopper controls an account there.
//
// The flow is the authorization code flow with PKCE S256, state, nonce and, where the provider supports it, the issuer
// in the response (RFC 9207). Rules in CEL over typed claims say which group the claims show. The person tag is the
// pair of issuer and subject.
package oidc
