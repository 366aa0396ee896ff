// Package registry proves a profession by an authoritative record: the shopper names a number and a name, and a register
// says whether the two belong together.
//
// There are two kinds of register. NPPES is the public one of health care providers of the United States, asked over its
// API or read from its imported files. A roster is a list of a store's own, or a partner's, of which only keyed hashes
// are kept. What a register shows is authority; that the shopper is the one it speaks of is mere knowledge, unless the
// numbers of a roster are confidential. A policy therefore asks for a second source beside it, such as a mailbox.
package registry
