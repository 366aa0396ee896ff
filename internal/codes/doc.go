// Package codes is about short codes in numbers: who guesses them, pools of the storefront platform's own codes, and
// batches of single-use codes for mailings and cards. A single code is a matter of package token.
package codes
