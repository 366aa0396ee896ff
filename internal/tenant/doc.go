// Package tenant knows the stores: who they are, which keys speak for them, which origins may use their publishable
// keys, and what time it is for them.
//
// Directory answers from a short-lived cache (at most CacheTTL old) and from its Storage. Keys and customer sessions are
// random texts of 256 bits; only their SHA-256 is stored, except for publishable keys, which are public.
package tenant
