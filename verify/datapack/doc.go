// Package datapack holds lists of mail domains: compact and quick to look up, with the names of the organisations behind
// them, read from the formats in which such lists come (plain text, swot's folders, the JSON of university-domains-list),
// compared with one another, and named by a digest.
//
// It decides nothing: package email asks it, and package verify keeps its versions.
package datapack
