// Package token makes and checks offer tokens: short-lived JWTs (RFC 7519) that let one checkout use one offer once.
//
// The signature algorithms are golang-jwt's. The parser is our own, because an offer token has exactly one shape and
// everything else is refused (RFC 8725): the key is found by kid in our own ring, the algorithm is pinned to that key,
// and no other header parameter is accepted at all. A general parser accepts more, and takes the algorithm from a
// table that the whole process shares.
package token
