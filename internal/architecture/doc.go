// Package architecture holds the house to its plan: who may import whom, what may stand at the top level, which
// names and habits are out. It is tests only; the linter's depguard says the same while one writes.
package architecture
