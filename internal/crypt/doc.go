// Package crypt holds the gateway's own keys and what is made with them.
//
// Master seals rows at rest (personal data, webhook secrets, signing keys, the secrets of stores) under envelope keys
// that can be rotated. StoreKeys derives everything that belongs to one store from that store's one secret: person
// tags, keyed hashes, sealed answers and sealed values. Secret makes the credentials that are shown once.
package crypt
