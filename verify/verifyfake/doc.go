// Package verifyfake keeps verifications in memory, for tests of what is built on them. It passes the same kit as the
// databases (package storagetest).
package verifyfake
